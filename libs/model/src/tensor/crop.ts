import { DomainError } from '@gpt4video/ports/errors';
import type { RgbImage, Size } from './resample.js';

const CHANNELS = 3;

/** The middle of a picture; an odd margin is larger on the right and at the bottom. Throws `internal` when the picture is smaller. */
export function centerCrop(image: RgbImage, { width, height }: Size): RgbImage {
  if (width > image.width || height > image.height) {
    throw new DomainError('internal', `Cannot cut ${width}×${height} out of a picture of ${image.width}×${image.height}; resize it first.`);
  }
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const pixels = new Uint8Array(width * height * CHANNELS);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * CHANNELS;
    pixels.set(image.pixels.subarray(from, from + width * CHANNELS), row * width * CHANNELS);
  }
  return { pixels, width, height };
}
