import { DomainError } from '@gpt4video/ports/errors';
import { narrowFloat16 } from './float16.js';
import { readFloat32 } from './stored-values.js';
import type { StoredTensor } from './tensor-files.js';

/** Element types in which weights are kept. */
export type WeightPrecision = 'float32' | 'float16';

/** Elements `from` inclusive to `to` exclusive of a flattened tensor. */
export type ElementRange = readonly [from: number, to: number];

/** Elements that are converted at a time: 64 MB as float32. */
const PIECE = 1 << 24;

/**
 * The ranges of a tensor one after the other in that precision, each piece made when it is asked for.
 * Throws `artifact_corrupt` for integers, and for values that half precision cannot hold.
 */
export function encodedPieces(tensor: StoredTensor, precision: WeightPrecision, ranges: readonly ElementRange[]): () => Iterable<Uint8Array> {
  return function* () {
    for (const [start, end] of ranges) {
      for (let from = start; from < end; from += PIECE) yield encoded(tensor, precision, [from, Math.min(from + PIECE, end)]);
    }
  };
}

function encoded(tensor: StoredTensor, precision: WeightPrecision, [from, to]: ElementRange): Uint8Array {
  if (tensor.dtype === STORED_AS[precision]) return tensor.raw(from, to);
  const values = readFloat32(tensor, from, to);
  return bytesOf(precision === 'float32' ? values : narrow(tensor, values));
}

const STORED_AS = { float32: 'F32', float16: 'F16' } as const;

function narrow({ file, name }: StoredTensor, values: Float32Array): Uint16Array {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest < 65_520) return narrowFloat16(values);
  throw new DomainError('artifact_corrupt', `${file}, tensor ${name}: expected values within ±65504 for float16, found ${largest}. Import it as float32.`);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
