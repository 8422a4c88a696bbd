import type { NamedTensor } from '@gpt4video/ports/model-session';
import { expectFloats } from '../tensor/tensor.js';

/** Pictures of one size, one after another. */
export interface RgbFrames {
  /** `[frames, height, width, 3]` bytes. */
  readonly pixels: Uint8Array;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Decoded frames `[F, 3, H, W]` in [0, 1] as bytes `[F, H, W, 3]`: scaled to 255, rounded, clamped; what is no number
 * becomes 0. Throws `internal` when the shape is another.
 */
export function framesToRgb(tensor: NamedTensor | undefined): RgbFrames {
  const { shape, data } = expectFloats('frames', tensor, ['F', 3, 'H', 'W']);
  const [frames = 0, , height = 0, width = 0] = shape;
  const plane = height * width;
  // A clamped array rounds and clamps as it stores.
  const pixels = new Uint8ClampedArray(frames * plane * 3);
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (frame * 3 + channel) * plane;
      for (let pixel = 0; pixel < plane; pixel++) pixels[(frame * plane + pixel) * 3 + channel] = (data[from + pixel] ?? 0) * 255;
    }
  }
  return { pixels: new Uint8Array(pixels.buffer), frames, width, height };
}
