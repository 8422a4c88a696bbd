import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { penalizeRepetition } from './repetition-penalty.js';
import { createSampler } from './sampler.js';
import { scaleByTemperature } from './temperature.js';
import { keepTopK } from './top-k.js';
import { keepTopP } from './top-p.js';

interface Golden {
  readonly logits: number[];
  readonly penalty: { seen: number[]; penalty: number; logits: number[] }[];
  readonly temperature: { temperature: number; logits: number[] }[];
  readonly topK: { k: number; kept: number[] }[];
  readonly topP: { p: number; kept: number[] }[];
}

const golden = JSON.parse(readFileSync(new URL('../../../fixtures/sampling.json', import.meta.url), 'utf8')) as Golden;
const logits = Float32Array.from(golden.logits);
const kept = (values: Float32Array) => [...values.keys()].filter((id) => values[id] !== -Infinity);
const expectClose = (values: Float32Array, expected: readonly number[]) => {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5));
};
const options = { temperature: 1, topP: 1, topK: 0, repetitionPenalty: 1, seed: 1 };

describe('processors equal those of transformers', () => {
  it.each(golden.penalty)('penalty $penalty', ({ seen, penalty, logits: expected }) => expectClose(penalizeRepetition(logits, seen, penalty), expected));
  it.each(golden.temperature)('temperature $temperature', ({ temperature, logits: expected }) => expectClose(scaleByTemperature(logits, temperature), expected));
  it.each(golden.topK)('top-k $k', ({ k, kept: expected }) => expect(kept(keepTopK(logits, k))).toEqual(expected));
  it.each(golden.topP)('top-p $p', ({ p, kept: expected }) => expect(kept(keepTopP(logits, p))).toEqual(expected));
});

describe('processors', () => {
  it('leave their input alone', () => {
    const input = Float32Array.of(1, -2, 3);
    penalizeRepetition(input, [0, 1], 2);
    keepTopK(input, 1);
    keepTopP(input, 0.1);
    expect(input).toEqual(Float32Array.of(1, -2, 3));
  });

  it('keep the lowest ids of equals, and ids in the vocabulary only', () => {
    expect(kept(keepTopK(Float32Array.of(1, 1, 1), 2))).toEqual([0, 1]);
    expect(kept(keepTopP(Float32Array.of(0, 0, 0, 0), 0.5))).toEqual([0, 1]);
    expect(penalizeRepetition(Float32Array.of(1), [5], 2)).toEqual(Float32Array.of(1));
  });
});

describe('createSampler', () => {
  it('is greedy at temperature 0, ties to the lowest id, whatever the seed', () => {
    for (const seed of [1, 2, 3]) expect(createSampler({ ...options, temperature: 0, seed }, []).choose(Float32Array.of(1, 5, 5))).toBe(1);
  });

  it('penalises the prompt’s ids and its own choices', () => {
    const sampler = createSampler({ ...options, temperature: 0, repetitionPenalty: 2 }, [0]);
    const values = Float32Array.of(10, 6, 5.5, 5.2);
    expect([1, 2, 3].map(() => sampler.choose(values))).toEqual([1, 2, 3]);
  });

  it('draws the same ids from the same seed, others from another', () => {
    const draws = (seed: number) => {
      const sampler = createSampler({ ...options, seed }, []);
      return Array.from({ length: 30 }, () => sampler.choose(logits));
    };
    expect(draws(5)).toEqual(draws(5));
    expect(draws(5)).not.toEqual(draws(6));
  });

  it('draws by probability', () => {
    const sampler = createSampler(options, []);
    const values = Float32Array.from([0.5, 0.3, 0.2], Math.log);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 10_000; draw++) {
      const id = sampler.choose(values);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    [5000, 3000, 2000].forEach((expected, id) => expect(Math.abs((counts[id] ?? 0) - expected)).toBeLessThan(200));
  });

  it('never draws what top-k or top-p removed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5 }), fc.integer(), (list, topK, seed) => {
        const values = Float32Array.from(list);
        const id = createSampler({ ...options, topK, topP: 0.9, seed }, []).choose(values);
        expect(kept(keepTopP(keepTopK(values, topK), 0.9))).toContain(id);
      }),
    );
  });

  it.each([
    [{ temperature: -1 }, '"temperature" must be'],
    [{ temperature: NaN }, '"temperature" must be'],
    [{ topP: 0 }, '"top_p" must be'],
    [{ topP: 1.1 }, '"top_p" must be'],
    [{ topK: -1 }, '"top_k" must be'],
    [{ repetitionPenalty: 0 }, '"repetition_penalty" must be'],
    [{ seed: 0.5 }, 'A seed is a whole number'],
  ])('refuses %j', (change, fault) => expect(() => createSampler({ ...options, ...change }, [])).toThrow(fault));

  it.each([[[NaN, NaN]], [[-Infinity, -Infinity]], [[]]])('refuses the logits %j', (values) => {
    expect(() => createSampler(options, []).choose(Float32Array.from(values))).toThrow('no finite logit');
  });
});
