import type { RgbFrames } from './rgb-frames.js';

/** Light of a film, averaged over its frames: `[height, width]`, 0 to 255. */
export interface LightMap {
  readonly light: Float64Array;
  readonly width: number;
  readonly height: number;
}

// BT.709: what an encoder keeps most precisely.
const [RED, GREEN, BLUE] = [0.2126, 0.7152, 0.0722];

/** Averages the luma of the frames, pixel by pixel. */
export function meanLight({ pixels, frames, width, height }: RgbFrames): LightMap {
  const size = width * height;
  const light = new Float64Array(size);
  for (let frame = 0; frame < frames; frame++) {
    for (let pixel = 0, at = frame * size * 3; pixel < size; pixel++, at += 3) {
      light[pixel] = (light[pixel] ?? 0) + RED * (pixels[at] ?? 0) + GREEN * (pixels[at + 1] ?? 0) + BLUE * (pixels[at + 2] ?? 0);
    }
  }
  return { light: light.map((sum) => sum / frames), width, height };
}
