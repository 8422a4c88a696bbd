import { meanLight } from './mean-light.js';
import type { MarkKey } from './mark-key.js';
import type { RgbFrames } from './rgb-frames.js';
import { waveAmplitudes } from './wave-amplitudes.js';
import { MARKED_WAVES, MAX_HALF_WAVES, waveAt } from './waves.js';

/**
 * Step of the lattice, in amplitude of a wave. Half a step is the most that a wave is changed: about two levels of 255 a pixel in all,
 * and four times what re-encoding at CRF 28 adds.
 */
export const LATTICE_STEP = 28;

// Bytes are whole and end at 0 and 255; what is lost there is made up for in the next round.
const ROUNDS = 3;

/**
 * Marks a film invisibly and for good: quantisation index modulation (Chen and Wornell, 2001) of slow waves of its mean light. Each wave is
 * moved to the nearest point of a lattice whose beginning only the key knows. The same pattern is added to every frame, so that nothing
 * flickers and every part of the film carries the mark. The same film and key give the same bytes.
 */
export function markFilm<F extends RgbFrames>(film: F, key: MarkKey): F {
  const targets = waveAmplitudes(meanLight(film)).map((amplitude, wave) => {
    const offset = key.offsets[wave] ?? 0;
    return (Math.round(amplitude / LATTICE_STEP - offset) + offset) * LATTICE_STEP;
  });
  const change = new Float64Array(MARKED_WAVES.length);
  let marked = film;
  for (let round = 0; round < ROUNDS; round++) {
    waveAmplitudes(meanLight(marked)).forEach((amplitude, wave) => (change[wave] = (change[wave] ?? 0) + (targets[wave] ?? 0) - amplitude));
    marked = { ...film, pixels: brighten(film, patternOf(change, film.width, film.height)) };
  }
  return marked;
}

/** `[height, width]`: the sum of the waves with these amplitudes. */
function patternOf(amplitudes: Float64Array, width: number, height: number): Float64Array {
  const waves = MAX_HALF_WAVES + 1;
  const [across, down] = [samples(width), samples(height)];
  const rows = new Float64Array(waves * width);
  MARKED_WAVES.forEach((wave, index) => {
    for (let x = 0; x < width; x++) rows[wave.down * width + x] = (rows[wave.down * width + x] ?? 0) + (amplitudes[index] ?? 0) * (across[wave.across * width + x] ?? 0);
  });
  const pattern = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let wave = 0; wave < waves; wave++) {
      const value = down[wave * height + y] ?? 0;
      for (let x = 0; x < width; x++) pattern[y * width + x] = (pattern[y * width + x] ?? 0) + value * (rows[wave * width + x] ?? 0);
    }
  }
  return pattern;
}

function samples(length: number): Float64Array {
  return Float64Array.from({ length: (MAX_HALF_WAVES + 1) * length }, (_, index) => waveAt(Math.floor(index / length), index % length, length));
}

function brighten({ pixels, width, height }: RgbFrames, pattern: Float64Array): Uint8Array {
  // A clamped array rounds to the nearest byte and ends at 0 and 255.
  const result = new Uint8ClampedArray(pixels.length);
  const size = width * height;
  for (let at = 0; at < pixels.length; at++) result[at] = (pixels[at] ?? 0) + (pattern[Math.floor(at / 3) % size] ?? 0);
  return new Uint8Array(result.buffer);
}
