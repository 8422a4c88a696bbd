import fc from 'fast-check';
import { cosine, l2Normalize } from './l2-normalize.js';
import { roundHalfToEven } from './round-half-to-even.js';
import { softmax } from './softmax.js';
import { argmax, descending, topK } from './top-k.js';

const floats = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, min: -(2 ** 100), max: 2 ** 100 });

describe('softmax', () => {
  it.each([
    [[0, 0], [0.5, 0.5]],
    [[1, 2, 3], [0.09003057, 0.24472848, 0.66524094]],
    [[1000, 1001], [0.26894143, 0.7310586]],
    [[-Infinity, 5], [0, 1]],
  ])('%j → %j', (logits, expected) => {
    softmax(Float32Array.from(logits)).forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 6));
  });

  it('sums to one and keeps the order', () => {
    fc.assert(
      fc.property(floats, (logits) => {
        const probabilities = softmax(logits);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        expect(probabilities[argmax(logits)]).toBe(Math.max(...probabilities));
      }),
    );
  });

  it('leaves nothing to an empty input', () => expect(softmax(new Float32Array())).toHaveLength(0));
});

describe('topK', () => {
  it.each([
    [[3, 1, 2], 2, [0, 2]],
    [[5, 5, 5], 2, [0, 1]],
    [[1, 2], 9, [1, 0]],
    [[1, 2], 0, []],
    [[-Infinity, -1], 2, [1, 0]],
  ])('%j, k = %i → %j', (values, k, expected) => expect(topK(Float32Array.from(values), k)).toEqual(expected));

  it('agrees with a stable sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 }), (list) => {
        const values = Float32Array.from(list);
        const sorted = list.map((_, index) => index).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
        expect([...descending(values)]).toEqual(sorted);
      }),
    );
  });
});

describe('argmax', () => {
  it('takes the lowest of equals, and −1 of nothing', () => {
    expect(argmax(Float32Array.of(1, 7, 7))).toBe(1);
    expect(argmax(Float32Array.of(-Infinity, -Infinity))).toBe(0);
    expect(argmax(new Float32Array())).toBe(-1);
  });
});

describe('l2Normalize', () => {
  it('scales each row to length one and leaves zeros alone', () => {
    const rows = l2Normalize({ shape: [3, 2], data: Float32Array.of(3, 4, 0, 0, -5, 0) });
    expect([...rows.data]).toEqual([0.6, 0.8, 0, 0, -1, 0].map(Math.fround));
  });
});

describe('cosine', () => {
  it.each([
    [[1, 0], [0, 2], 0],
    [[1, 1], [2, 2], 1],
    [[1, 0], [-3, 0], -1],
    [[0, 0], [1, 0], 0],
  ])('%j, %j → %d', (a, b, expected) => expect(cosine(Float32Array.from(a), Float32Array.from(b))).toBeCloseTo(expected, 12));
});

describe('roundHalfToEven', () => {
  it.each([
    [-1.5, -2],
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [2.4999, 2],
    [2.5001, 3],
    [7, 7],
  ])('%d → %d', (value, rounded) => expect(roundHalfToEven(value)).toBe(rounded));
});
