import { widenFloat16 } from '../tensor/float16.js';
import type { BlockMatrix } from './block-matrix.js';

/** Takes one unit of storage apart: `data` from `start` on, into `target` from block number `block` on. */
export type BlockReader = (data: Uint8Array, start: number, target: BlockMatrix, block: number) => void;

let halves: Float32Array | undefined;

/** The half float at a byte position, little-endian. */
export function halfAt(data: Uint8Array, position: number): number {
  halves ??= widenFloat16(Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern));
  return halves[(data[position] ?? 0) | ((data[position + 1] ?? 0) << 8)] ?? NaN;
}
