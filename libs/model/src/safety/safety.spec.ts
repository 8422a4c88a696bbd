import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CATEGORIES, isCategory } from './categories.js';
import { openNsfwInput } from './open-nsfw.js';
import { decideText, scoresByCategory } from './policy.js';
import { decideFrames } from './ten-frame-rule.js';

const policy = { version: '2026-11', thresholds: { hate: 0.5, violence: 0.9 } };
const rule = { threshold: 0.5, frames: 10, maxFlagged: 4, policyVersion: '2026-11' };

describe('categories', () => {
  it('are the thirteen, and nothing else', () => {
    expect(CATEGORIES).toHaveLength(13);
    expect(new Set(CATEGORIES).size).toBe(13);
    expect([isCategory('sexual/minors'), isCategory('spam'), isCategory(undefined)]).toEqual([true, false, false]);
  });
});

describe('decideText', () => {
  it.each<[Record<string, number>, boolean, string, number]>([
    [{ hate: 0.1, violence: 0.89 }, true, '', 0.89],
    [{ hate: 0.5, violence: 0 }, false, 'hate', 0.5],
    [{ hate: 0.95, violence: 0.99 }, false, 'hate', 0.95],
    [{ hate: 0, violence: 0.9 }, false, 'violence', 0.9],
    [{ hate: 0.1 }, false, 'violence', 0],
    [{ hate: NaN, violence: 0 }, false, 'hate', 0],
    [{ hate: 1.5, violence: 0 }, false, 'hate', 0],
    [{ hate: -0.1, violence: 0 }, false, 'hate', 0],
    [{}, false, 'hate', 0],
  ])('%j → allowed %s, category %j', (scores, allowed, category, score) => {
    expect(decideText(scores, policy)).toMatchObject({ allowed, category, score, policyVersion: '2026-11' });
  });

  it('refuses under an empty or broken policy', () => {
    expect(decideText({ hate: 0 }, { version: 'x', thresholds: {} }).allowed).toBe(false);
    expect(decideText({ hate: 0 }, { version: 'x', thresholds: { hate: NaN } }).allowed).toBe(false);
  });

  it('allows only when every score is below its threshold', () => {
    const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(NaN, Infinity, -1, 2));
    fc.assert(
      fc.property(fc.record({ hate: score, violence: score }, { requiredKeys: [] }), (scores) => {
        const below = (scores.hate ?? NaN) >= 0 && (scores.hate ?? NaN) < 0.5 && (scores.violence ?? NaN) >= 0 && (scores.violence ?? NaN) < 0.9;
        expect(decideText(scores as Record<string, number>, policy).allowed).toBe(below);
      }),
    );
  });
});

describe('scoresByCategory', () => {
  it('leaves out what is missing, so that the policy refuses', () => {
    expect(scoresByCategory([0.1, 0.2], ['a', 'b', 'c'])).toEqual({ a: 0.1, b: 0.2 });
    expect(Object.keys(scoresByCategory(new Float32Array(13)))).toEqual([...CATEGORIES]);
  });
});

describe('decideFrames', () => {
  const frames = (flagged: number, total: number) => Array.from({ length: total }, (_, index) => (index < flagged ? 0.9 : 0.1));

  it.each([
    [0, 10, true],
    [4, 10, true],
    [5, 10, false],
    [10, 10, false],
    [0, 1, true],
    [1, 1, false],
    [1, 2, false],
    [1, 3, true],
    [2, 5, true],
    [3, 5, false],
    [6, 16, true],
    [7, 16, false],
  ])('%i of %i flagged → allowed %s', (flagged, total, allowed) => {
    const { verdict, flags } = decideFrames(frames(flagged, total), rule);
    expect(verdict).toMatchObject({ allowed, category: allowed ? '' : 'sexual', policyVersion: '2026-11' });
    expect(flags.filter(Boolean)).toHaveLength(flagged);
    if (!allowed) expect(verdict.score).toBeGreaterThanOrEqual(rule.threshold);
  });

  it('refuses no frames, and counts a broken score as flagged', () => {
    expect(decideFrames([], rule)).toMatchObject({ verdict: { allowed: false }, flags: [] });
    expect(decideFrames([NaN, 0, 0, 0], rule).flags).toEqual([true, false, false, false]);
    expect(decideFrames([NaN], rule).verdict.allowed).toBe(false);
  });

  it('flags at the threshold', () => expect(decideFrames([0.5, 0.4999], rule).flags).toEqual([true, false]));
});

describe('openNsfwInput', () => {
  interface Golden {
    readonly width: number;
    readonly height: number;
    readonly pixels: string;
    readonly size: number;
    readonly at: number[];
    readonly values: number[];
  }
  const golden = JSON.parse(readFileSync(new URL('../../fixtures/open-nsfw.json', import.meta.url), 'utf8')) as Golden;
  const image = { pixels: new Uint8Array(Buffer.from(golden.pixels, 'base64')), width: golden.width, height: golden.height };

  it('equals the reference preprocessing', () => {
    const { shape, data } = openNsfwInput([image, image], golden.size);
    expect(shape).toEqual([2, 224, 224, 3]);
    expect(golden.at.map((index) => data[index])).toEqual(golden.values);
    expect(data.subarray(data.length / 2)).toEqual(data.subarray(0, data.length / 2));
  });

  it('refuses no frame', () => expect(() => openNsfwInput([], 224)).toThrow('no frame to screen'));
});
