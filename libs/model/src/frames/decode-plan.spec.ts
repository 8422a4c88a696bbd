import { chooseForScreening, chooseForUnderstanding, chooseThumbnail, uniformChooser } from './choosers.js';
import { decodePlan } from './decode-plan.js';
import { checkFits, videosThatFit } from './frame-budget.js';

describe('decodePlan', () => {
  it('decodes each frame once for all choosers', () => {
    const plan = decodePlan(16, [chooseForUnderstanding, chooseForScreening, chooseThumbnail]);
    expect(plan.indices).toEqual([...new Set(plan.indices)].sort((a, b) => a - b));
    expect(plan.slots.map((slots) => slots.map((slot) => plan.indices[slot]))).toEqual([chooseForUnderstanding(16), chooseForScreening(16), [7]]);
  });

  it('repeats frames of a short video without decoding them again', () => {
    expect(decodePlan(2, [uniformChooser(4)])).toEqual({ indices: [0, 1], slots: [[0, 0, 0, 1]] });
  });

  it.each([[-1], [4], [1.5]])('refuses the choice %d', (index) => {
    expect(() => decodePlan(4, [() => [index]])).toThrow('choose 0 to 3');
  });
});

describe('chooseThumbnail', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [300, 149],
  ])('takes of %i frames number %i', (frames, index) => expect(chooseThumbnail(frames)).toEqual([index]));
});

describe('frame budget', () => {
  const budget = { contextTokens: 1000, tokensPerVideo: 65, textTokens: 200, answerTokens: 150 };

  it('counts the videos that fit', () => {
    expect(videosThatFit(budget)).toBe(10);
    expect(videosThatFit({ ...budget, textTokens: 900 })).toBe(0);
  });

  it('says by how much a conversation is too long', () => {
    expect(() => checkFits(budget, 10)).not.toThrow();
    expect(() => checkFits(budget, 11)).toThrow(/needs 1065 tokens \(text 200, 11 videos 715, answer 150\), but the model holds 1000/);
  });
});
