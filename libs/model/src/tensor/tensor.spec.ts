import { elementCount, expectFloats, expectShape, stack, tensorOf } from './tensor.js';

describe('tensorOf', () => {
  it('joins shape and data', () => expect(tensorOf([2, 3], new Float32Array(6)).shape).toEqual([2, 3]));

  it('names shape and counts when they disagree', () => {
    expect(() => tensorOf([2, 3], new Float32Array(5))).toThrow('shape [2, 3] holds 6 values, but 5');
  });
});

describe('elementCount', () => {
  it.each([
    [[], 1],
    [[0, 4], 0],
    [[2, 3, 4], 24],
  ])('%j → %i', (shape, count) => expect(elementCount(shape)).toBe(count));
});

describe('expectShape', () => {
  const tensor = { shape: [4, 65, 256], data: new Float32Array(4 * 65 * 256) };

  it.each([[[4, 65, 256]], [['frames', 65, 256]], [['a', 'b', 'c']]])('accepts %j', (pattern) => {
    expect(() => expectShape('features', tensor, pattern)).not.toThrow();
  });

  it.each([[[4, 65]], [[4, 257, 256]], [['a', 'b', 'c', 'd']]])('refuses %j, naming tensor, expected and found', (pattern) => {
    expect(() => expectShape('features', tensor, pattern)).toThrow(`"features" must have shape [${pattern.join(', ')}], found [4, 65, 256]`);
  });

  it('refuses data that does not fill the shape', () => {
    expect(() => expectShape('x', { shape: [3], data: new Float32Array(2) }, [3])).toThrow('must hold 3 values, found 2');
  });
});

describe('expectFloats', () => {
  it('refuses other element types and missing tensors', () => {
    expect(() => expectFloats('x', { shape: [1], data: new Uint8Array(1) }, [1])).toThrow('"x" must hold float32, found Uint8Array');
    expect(() => expectFloats('x', undefined, [1])).toThrow('"x" of shape [1] is missing');
  });
});

describe('stack', () => {
  it('adds a first axis', () => {
    const stacked = stack([tensorOf([2], Float32Array.of(1, 2)), tensorOf([2], Float32Array.of(3, 4))]);
    expect(stacked).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });

  it('refuses nothing and unequal shapes', () => {
    expect(() => stack([])).toThrow('zero tensors');
    expect(() => stack([tensorOf([2], new Float32Array(2)), tensorOf([3], new Float32Array(3))])).toThrow('"#1 of the stack" must have shape [2], found [3]');
  });
});
