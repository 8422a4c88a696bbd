import { readFileSync } from 'node:fs';
import { centerCrop } from './crop.js';
import type { Interpolation } from './resample-filters.js';
import { resample } from './resample.js';
import type { RgbImage } from './resample.js';

interface Golden {
  readonly cases: readonly { readonly from: [number, number]; readonly to: [number, number]; readonly filter: Interpolation; readonly pixels: string }[];
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/resample.json', import.meta.url), 'utf8')) as Golden;

/** The picture that training/golden/fixture.py computes. */
function pattern(width: number, height: number): RgbImage {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [c, x, y] = [index % 3, Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    return (x * 7 + y * 13 + c * 61 + ((x * y) % 17) * 9 + ((Math.floor(x / 5) + Math.floor(y / 3)) % 2) * 90) % 256;
  });
  return { pixels, width, height };
}

describe('resample', () => {
  it.each(golden.cases.map((one) => [one.filter, one.from, one.to, one.pixels] as const))('%s %j → %j equals PIL', (filter, [width, height], [toWidth, toHeight], pixels) => {
    const resized = resample(pattern(width, height), { width: toWidth, height: toHeight }, filter);
    expect(Buffer.from(resized.pixels).equals(Buffer.from(pixels, 'base64'))).toBe(true);
    expect([resized.width, resized.height]).toEqual([toWidth, toHeight]);
  });

  it('returns a picture of the same size untouched', () => {
    const image = pattern(5, 4);
    expect(resample(image, image, 'bicubic').pixels).toEqual(image.pixels);
  });

  it('keeps a flat colour flat', () => {
    const flat = { pixels: new Uint8Array(10 * 10 * 3).fill(200), width: 10, height: 10 };
    for (const filter of ['bilinear', 'bicubic', 'lanczos'] as const) expect(new Set(resample(flat, { width: 7, height: 23 }, filter).pixels)).toEqual(new Set([200]));
  });

  it.each([
    [{ pixels: new Uint8Array(5), width: 2, height: 1 }, { width: 1, height: 1 }, 'holds 6 bytes of RGB, found 5'],
    [pattern(2, 2), { width: 0, height: 1 }, 'found 0×1'],
    [pattern(2, 2), { width: 1.5, height: 1 }, 'found 1.5×1'],
  ])('refuses what is no picture', (image, size, message) => expect(() => resample(image, size, 'bicubic')).toThrow(message));
});

describe('centerCrop', () => {
  it('takes the middle, odd margins larger right and below', () => {
    const image = { pixels: Uint8Array.from({ length: 4 * 3 * 3 }, (_, index) => Math.floor(index / 3)), width: 4, height: 3 };
    expect([...centerCrop(image, { width: 1, height: 2 }).pixels]).toEqual([1, 1, 1, 5, 5, 5]);
  });

  it('refuses a crop larger than the picture', () => expect(() => centerCrop(pattern(2, 2), { width: 3, height: 1 })).toThrow('Cannot cut 3×1 out of a picture of 2×2'));
});
