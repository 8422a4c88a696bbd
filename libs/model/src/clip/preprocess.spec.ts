import { readFileSync } from 'node:fs';
import { preprocessFrames } from './preprocess.js';
import type { PreprocessConfig } from './preprocess.js';
import { shortestEdgeSize } from './shortest-edge.js';

interface Golden {
  readonly mean: [number, number, number];
  readonly std: [number, number, number];
  readonly cases: { readonly resize: PreprocessConfig['resize']; readonly width: number; readonly height: number; readonly size: number; readonly values: number[] }[];
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/clip-preprocess.json', import.meta.url), 'utf8')) as Golden;
const config = { size: 14, resize: 'squash', interpolation: 'bicubic', mean: golden.mean, std: golden.std } as const;

/** The picture that training/golden/fixture.py computes. */
function pattern(width: number, height: number) {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [c, x, y] = [index % 3, Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    return (x * 7 + y * 13 + c * 61 + ((x * y) % 17) * 9 + ((Math.floor(x / 5) + Math.floor(y / 3)) % 2) * 90) % 256;
  });
  return { pixels, width, height };
}

describe('preprocessFrames', () => {
  it.each(golden.cases)('$resize $width×$height → $size equals the reference', ({ resize, width, height, size, values }) => {
    const { shape, data } = preprocessFrames([pattern(width, height)], { ...config, resize, size });
    expect(shape).toEqual([1, 3, size, size]);
    expect(data).toHaveLength(values.length);
    const worst = data.reduce((most, value, index) => Math.max(most, Math.abs(value - (values[index] ?? NaN))), 0);
    expect(worst).toBeLessThanOrEqual(1e-6);
  });

  it('stacks frames of different sizes in order', () => {
    const [a, b] = [pattern(20, 10), pattern(8, 30)];
    const both = preprocessFrames([a, b], config);
    expect(both.shape).toEqual([2, 3, 14, 14]);
    expect(both.data.subarray(0, 588)).toEqual(preprocessFrames([a], config).data);
    expect(both.data.subarray(588)).toEqual(preprocessFrames([b], config).data);
  });

  it('puts red first', () => {
    const red = { pixels: Uint8Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 255 : 0)), width: 2, height: 2 };
    const { data } = preprocessFrames([red], { ...config, size: 1, mean: [0, 0, 0], std: [1, 1, 0.5] });
    expect([...data]).toEqual([1, 0, 0]);
  });

  it('refuses no frame', () => expect(() => preprocessFrames([], config)).toThrow('no frame to preprocess'));
});

describe('shortestEdgeSize', () => {
  it.each([
    [{ width: 640, height: 360 }, { width: 398, height: 224 }],
    [{ width: 360, height: 640 }, { width: 224, height: 398 }],
    [{ width: 1279, height: 720 }, { width: 397, height: 224 }],
    [{ width: 720, height: 1279 }, { width: 224, height: 397 }],
    [{ width: 50, height: 50 }, { width: 224, height: 224 }],
  ])('%j → %j', (size, expected) => expect(shortestEdgeSize(size, 224)).toEqual(expected));
});
