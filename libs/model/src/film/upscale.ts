import { DomainError } from '@gpt4video/ports/errors';
import type { Interpolation } from '../tensor/resample-filters.js';
import { resample } from '../tensor/resample.js';
import type { Size } from '../tensor/resample.js';
import type { RgbFrames } from './frames-to-rgb.js';

/** Resizes every frame; `lanczos` is the sharpest. */
export function resizeFrames(film: RgbFrames, size: Size, interpolation: Interpolation = 'lanczos'): RgbFrames {
  if (size.width === film.width && size.height === film.height) return film;
  const source = film.width * film.height * 3;
  const target = size.width * size.height * 3;
  const pixels = new Uint8Array(film.frames * target);
  for (let frame = 0; frame < film.frames; frame++) {
    const image = { pixels: film.pixels.subarray(frame * source, (frame + 1) * source), width: film.width, height: film.height };
    pixels.set(resample(image, size, interpolation).pixels, frame * target);
  }
  return { pixels, frames: film.frames, width: size.width, height: size.height };
}

/** Repeats every pixel `factor` times across and down. Throws `internal` unless the factor is a whole number from 1. */
export function enlargeFrames(film: RgbFrames, factor: number): RgbFrames {
  if (!Number.isInteger(factor) || factor < 1) throw new DomainError('internal', `Frames are enlarged by a whole number from 1, found ${factor}.`);
  const [width, height] = [film.width * factor, film.height * factor];
  const pixels = new Uint8Array(film.frames * width * height * 3);
  for (let row = 0; row < film.frames * height; row++) {
    const source = Math.floor(row / factor) * film.width;
    for (let column = 0; column < width; column++) {
      const from = (source + Math.floor(column / factor)) * 3;
      pixels.set(film.pixels.subarray(from, from + 3), (row * width + column) * 3);
    }
  }
  return { pixels, frames: film.frames, width, height };
}

/** Largest whole factor at which a film still fits into a box; 1 when it does not fit at all. */
export function integerScale(film: Size, box: Size): number {
  return Math.max(1, Math.floor(Math.min(box.width / film.width, box.height / film.height)));
}
