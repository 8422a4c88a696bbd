import { meanLight } from './mean-light.js';
import { LATTICE_STEP } from './mark-film.js';
import type { MarkKey } from './mark-key.js';
import type { RgbFrames } from './rgb-frames.js';
import { waveAmplitudes } from './wave-amplitudes.js';
import { MARKED_WAVES } from './waves.js';

/**
 * Score from which a film counts as marked. The offsets of the lattices are independent and even over a step, so the score of anything made
 * without the key reaches t with a probability of at most exp(−t² / 2), whatever it shows: less than one in three million here.
 */
export const MARK_THRESHOLD = 5.5;

/** Highest score: every wave on its lattice. */
export const MARK_CEILING = Math.sqrt(2 * MARKED_WAVES.length);

/**
 * How strongly the key's mark is in a film: around 0 (deviation 1) where it is not, up to 21.4 where it is whole. Any frames of the film
 * will do, of any size; the mark is lost when a film is cropped or turned.
 */
export function scoreMark(film: RgbFrames, key: MarkKey): number {
  const sum = waveAmplitudes(meanLight(film)).reduce((total, amplitude, wave) => total + Math.cos(2 * Math.PI * (amplitude / LATTICE_STEP - (key.offsets[wave] ?? 0))), 0);
  return sum / Math.sqrt(MARKED_WAVES.length / 2);
}
