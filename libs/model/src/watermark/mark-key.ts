import { DomainError } from '@gpt4video/ports/errors';
import { createRandom } from '../random/random.js';
import { MARKED_WAVES } from './waves.js';

/** What a secret key decides: for every marked wave, where its lattice begins, as a share of the lattice's step in [0, 1). */
export interface MarkKey {
  readonly offsets: Float64Array;
}

/** Bytes of a key. */
export const MARK_KEY_BYTES = 24;

const SEED_BYTES = 6;

/** Reads a secret of 24 bytes. Throws `invalid_request` for another length. */
export function markKeyOf(secret: Uint8Array): MarkKey {
  if (secret.length !== MARK_KEY_BYTES) throw new DomainError('invalid_request', `A watermark key has ${MARK_KEY_BYTES} bytes, found ${secret.length}; give ${MARK_KEY_BYTES * 2} hexadecimal digits.`);
  // A seed holds 48 bits; four streams added up depend on every bit of the secret.
  const streams = Array.from({ length: MARK_KEY_BYTES / SEED_BYTES }, (_, index) => createRandom(seedIn(secret, index * SEED_BYTES)));
  return { offsets: Float64Array.from(MARKED_WAVES, () => streams.reduce((sum, stream) => sum + stream.float(), 0) % 1) };
}

function seedIn(secret: Uint8Array, from: number): number {
  return secret.subarray(from, from + SEED_BYTES).reduce((seed, byte) => seed * 256 + byte, 0);
}
