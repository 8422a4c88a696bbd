import { shortestEdgeSize } from '@gpt4video/model/clip/shortest-edge';
import { centerCrop } from '@gpt4video/model/tensor/crop';
import { resample, type RgbImage } from '@gpt4video/model/tensor/resample';
import type { FrameShape } from './frame-settings.js';

/** Brings a frame to `[size, size, 3]`: squashed, or scaled by its shorter side and cropped in the middle. */
export function fitFrame(frame: RgbImage, { size, resize, interpolation }: FrameShape): RgbImage {
  const square = { width: size, height: size };
  if (resize === 'squash') return resample(frame, square, interpolation);
  return centerCrop(resample(frame, shortestEdgeSize(frame, size), interpolation), square);
}
