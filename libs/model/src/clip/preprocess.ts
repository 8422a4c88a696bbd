import { DomainError } from '@gpt4video/ports/errors';
import { centerCrop } from '../tensor/crop.js';
import type { Interpolation } from '../tensor/resample-filters.js';
import { resample } from '../tensor/resample.js';
import type { RgbImage } from '../tensor/resample.js';
import type { FloatTensor } from '../tensor/tensor.js';
import { shortestEdgeSize } from './shortest-edge.js';

/** How a vision encoder wants its frames: data from the model's own configuration, never constants (bundle.json, `vision`). */
export interface PreprocessConfig {
  /** Side of the square input, pixels. */
  readonly size: number;
  /** `squash` ignores the aspect ratio; `shortest-edge` keeps it and crops the middle. */
  readonly resize: 'squash' | 'shortest-edge';
  readonly interpolation: Interpolation;
  /** Of red, green, blue, in [0, 1]. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * Frames as the encoder reads them: resized to `size`, scaled to [0, 1], normalised, channels first: `[N, 3, size, size]`.
 * Frames may differ in size. Throws `internal` when there is none.
 */
export function preprocessFrames(frames: readonly RgbImage[], config: PreprocessConfig): FloatTensor {
  if (frames.length === 0) throw new DomainError('internal', 'There is no frame to preprocess; give at least one.');
  const { size } = config;
  const data = new Float32Array(frames.length * 3 * size * size);
  frames.forEach((frame, index) => normalizeInto(fit(frame, config), config, data.subarray(index * 3 * size * size, (index + 1) * 3 * size * size)));
  return { shape: [frames.length, 3, size, size], data };
}

function fit(frame: RgbImage, { size, resize, interpolation }: PreprocessConfig): RgbImage {
  if (resize === 'squash') return resample(frame, { width: size, height: size }, interpolation);
  return centerCrop(resample(frame, shortestEdgeSize(frame, size), interpolation), { width: size, height: size });
}

function normalizeInto(image: RgbImage, { mean, std }: PreprocessConfig, target: Float32Array): void {
  const plane = image.width * image.height;
  for (let channel = 0; channel < 3; channel++) {
    const [shift, scale] = [mean[channel] ?? 0, std[channel] ?? 1];
    for (let pixel = 0; pixel < plane; pixel++) {
      target[channel * plane + pixel] = ((image.pixels[pixel * 3 + channel] ?? 0) / 255 - shift) / scale;
    }
  }
}
