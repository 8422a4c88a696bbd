import fc from 'fast-check';
import { createRandom } from '../random/random.js';
import { resample } from '../tensor/resample.js';
import { MARK_CEILING, MARK_THRESHOLD, scoreMark } from './find-mark.js';
import { markFilm } from './mark-film.js';
import { markKeyOf } from './mark-key.js';
import type { RgbFrames } from './rgb-frames.js';
import { MARKED_WAVES } from './waves.js';

const secret = (first: number): Uint8Array => Uint8Array.from({ length: 24 }, (_, index) => (first + index * 37) % 256);
const key = markKeyOf(secret(1));

/** A square that moves over a slope of light, with grain. */
function film(seed: number, width = 128, height = 128, frames = 6): RgbFrames {
  const random = createRandom(seed);
  const tilt = random.float();
  const pixels = new Uint8Array(frames * width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) {
    const pixel = Math.floor(at / 3);
    const [x, y, frame] = [pixel % width, Math.floor(pixel / width) % height, Math.floor(pixel / (width * height))];
    const inside = Math.abs(x - width * (0.2 + 0.1 * frame)) < width / 10 && Math.abs(y - height / 2) < height / 10;
    pixels[at] = Math.round((inside ? 30 : 60 + 120 * ((tilt * x) / width + ((1 - tilt) * y) / height)) + random.float() * 6);
  }
  return { pixels, frames, width, height };
}

function halved({ pixels, frames, width, height }: RgbFrames): RgbFrames {
  const size = { width: width / 2, height: height / 2 };
  const small = Array.from({ length: frames }, (_, frame) => resample({ pixels: pixels.subarray(frame * width * height * 3, (frame + 1) * width * height * 3), width, height }, size, 'bicubic').pixels);
  return { pixels: Uint8Array.from(small.flatMap((picture) => [...picture])), frames, ...size };
}

const decibels = (one: Uint8Array, other: Uint8Array): number => 10 * Math.log10(255 ** 2 / (one.reduce((sum, value, at) => sum + (value - (other[at] ?? 0)) ** 2, 0) / one.length));

describe('the watermark', () => {
  it('is found in a marked film, nearly whole, and in its copy of half the size', () => {
    const marked = markFilm(film(1), key);
    expect(scoreMark(marked, key)).toBeGreaterThan(0.97 * MARK_CEILING);
    expect(scoreMark(halved(marked), key)).toBeGreaterThan(0.9 * MARK_CEILING);
  });

  it('is found in any part of the film and at any shape of frame', () => {
    const marked = markFilm(film(2, 96, 54), key);
    const oneFrame = { ...marked, pixels: marked.pixels.subarray(0, 96 * 54 * 3), frames: 1 };
    expect(scoreMark(marked, key)).toBeGreaterThan(MARK_THRESHOLD);
    // A moving square is another picture in each frame, so one frame alone says less.
    expect(scoreMark(oneFrame, key)).toBeLessThan(scoreMark(marked, key));
  });

  it('stays in a film that is black and white to the ends of the scale', () => {
    const hard = film(3);
    hard.pixels.forEach((value, at) => (hard.pixels[at] = value > 90 ? 255 : 0));
    expect(scoreMark(markFilm(hard, key), key)).toBeGreaterThan(2 * MARK_THRESHOLD);
  });

  it('changes so little that nobody sees it', () => {
    const plain = film(4);
    const marked = markFilm(plain, key);
    expect(decibels(plain.pixels, marked.pixels)).toBeGreaterThan(40);
    expect(plain.pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - (marked.pixels[at] ?? 0))), 0)).toBeLessThan(14);
  });

  it('gives the same bytes for the same film and key', () => {
    expect(Buffer.compare(markFilm(film(5), key).pixels, markFilm(film(5), markKeyOf(secret(1))).pixels)).toBe(0);
  });

  it('is not found with another key, however alike', () => {
    const marked = markFilm(film(6), key);
    for (const byte of [0, 7, 13, 23]) {
      const other = secret(1);
      other[byte] = (other[byte] ?? 0) ^ 1;
      expect(Math.abs(scoreMark(marked, markKeyOf(other)))).toBeLessThan(MARK_THRESHOLD);
    }
  });

  it('scores what is not marked around 0 with deviation 1, over keys', () => {
    const plain = film(7);
    const scores = Array.from({ length: 400 }, (_, index) => {
      const random = createRandom(index);
      return scoreMark(plain, markKeyOf(Uint8Array.from({ length: 24 }, () => random.uint32() & 255)));
    });
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(deviation).toBeGreaterThan(0.85);
    expect(deviation).toBeLessThan(1.15);
    expect(Math.max(...scores)).toBeLessThan(MARK_THRESHOLD);
  });

  it('has 228 waves, each once, and refuses a key of another length', () => {
    expect(MARKED_WAVES).toHaveLength(228);
    expect(new Set(MARKED_WAVES.map(({ down, across }) => `${down},${across}`)).size).toBe(228);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }).filter(({ length }) => length !== 24), (bytes) => expect(() => markKeyOf(bytes)).toThrow(expect.objectContaining({ code: 'invalid_request' }))));
  });
});
