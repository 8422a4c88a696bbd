import { orient, orientationOf, UPRIGHT } from './orientation.js';

const matrix = (a: number, b: number, c: number, d: number): Uint8Array => {
  const bytes = Buffer.alloc(36);
  for (const [offset, value] of [[0, a], [4, b], [12, c], [16, d]] as const) bytes.writeInt32LE(Math.round(value * 65_536), offset);
  return bytes;
};

/** A picture of one row and three pixels: 1, 2, 3. */
const row = Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3);
const first = (pixels: Uint8Array): number[] => [...pixels].filter((_, index) => index % 3 === 0);

describe('orientation', () => {
  it('is upright without a matrix, or with one that is cut off', () => {
    expect(orientationOf(null)).toEqual(UPRIGHT);
    expect(orientationOf(new Uint8Array(35))).toEqual(UPRIGHT);
    expect(orient(row, 3, 1, UPRIGHT)).toBe(row);
  });

  it.each([
    ['a half turn', matrix(-1, 0, 0, -1), [3, 2, 1]],
    ['a quarter turn clockwise', matrix(0, 1, -1, 0), [1, 2, 3]],
    ['a quarter turn counter-clockwise', matrix(0, -1, 1, 0), [3, 2, 1]],
    ['a few degrees, which are ignored', matrix(0.99, 0.1, -0.1, 0.99), [1, 2, 3]],
  ])('turns by %s', (_name, bytes, expected) => {
    expect(first(orient(row, 3, 1, orientationOf(bytes)))).toEqual(expected);
  });

  it('turns a clockwise quarter so that the left column becomes the top row', () => {
    const square = Uint8Array.from([1, 2, 3, 4].flatMap((value) => [value, value, value]));
    expect(first(orient(square, 2, 2, orientationOf(matrix(0, 1, -1, 0))))).toEqual([3, 1, 4, 2]);
  });
});
