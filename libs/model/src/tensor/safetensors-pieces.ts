import { DTYPE_BYTES } from './safetensors-header.js';
import type { Dtype } from './safetensors-header.js';
import { elementCount } from './tensor.js';

/** A tensor whose bytes are made when the file is written. */
export interface LazyTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Little-endian, row-major, in pieces of bounded size. */
  readonly pieces: () => Iterable<Uint8Array>;
}

const ALIGNMENT = 8;

/** A safetensors file in pieces, tensors in the given order; wide elements first keeps every tensor aligned. */
export function encodeLazily(tensors: readonly LazyTensor[]): Iterable<Uint8Array> {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = offset + elementCount(shape) * DTYPE_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(ALIGNMENT + Math.ceil(text.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - ALIGNMENT), true);
  head.set(text, ALIGNMENT);
  return {
    *[Symbol.iterator]() {
      yield head;
      for (const { pieces } of tensors) yield* pieces();
    },
  };
}
