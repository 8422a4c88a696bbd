import { DomainError } from '@gpt4video/ports/errors';
import { centerCrop } from '../tensor/crop.js';
import { resample } from '../tensor/resample.js';
import type { RgbImage } from '../tensor/resample.js';
import type { FloatTensor } from '../tensor/tensor.js';

/** Side to which Yahoo's open_nsfw squashes before it crops, for an input of 224. */
const RESIZE_RATIO = 256 / 224;
/** Means of blue, green, red that the network was trained with. */
const MEAN_BGR = [104, 117, 123] as const;

/**
 * Frames as open_nsfw reads them: squashed (256×256 for 224), middle cut out, channels last, blue first, dataset mean
 * subtracted, not scaled: `[N, size, size, 3]`. The reference's lossy JPEG round trip is left out.
 * Throws `internal` when there is no frame.
 */
export function openNsfwInput(frames: readonly RgbImage[], size: number): FloatTensor {
  if (frames.length === 0) throw new DomainError('internal', 'There is no frame to screen; give at least one.');
  const side = Math.round(size * RESIZE_RATIO);
  const length = size * size * 3;
  const data = new Float32Array(frames.length * length);
  frames.forEach((frame, index) => {
    const { pixels } = centerCrop(resample(frame, { width: side, height: side }, 'bilinear'), { width: size, height: size });
    for (let at = 0; at < length; at++) {
      const channel = at % 3;
      data[index * length + at] = (pixels[at - channel + 2 - channel] ?? 0) - (MEAN_BGR[channel] ?? 0);
    }
  });
  return { shape: [frames.length, size, size, 3], data };
}
