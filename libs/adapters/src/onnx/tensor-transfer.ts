import type { TensorData, TensorMap } from '@gpt4video/ports/model-session';

/** A tensor on its way between threads: the element type is named, since typed arrays may come from another realm. */
export interface MovedTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Element types of a session's tensors, in the runtime's words. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'uint8';

const TYPES: Readonly<Record<string, ElementType>> = { Float32Array: 'float32', Int32Array: 'int32', BigInt64Array: 'int64', Uint8Array: 'uint8' };

/** Names each tensor's element type. */
export function describeTensors(tensors: TensorMap): Record<string, MovedTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape, data }]) => [name, { type: elementType(data), shape, data }]));
}

/** Copies the tensors into buffers of their own, which may move to another thread. */
export function copyTensors(tensors: TensorMap): { readonly tensors: Record<string, MovedTensor>; readonly buffers: readonly ArrayBuffer[] } {
  const copies = Object.entries(tensors).map(([name, { shape, data }]) => ({ name, shape, type: elementType(data), length: data.length, buffer: bytesOf(data) }));
  return {
    tensors: Object.fromEntries(copies.map(({ name, shape, type, length, buffer }) => [name, { type, shape, data: adopt(type, { buffer, byteOffset: 0, length }) }])),
    buffers: copies.map(({ buffer }) => buffer),
  };
}

/** A copy of what the view shows. Its own `slice` would not do: a Node `Buffer` shares its memory with what that returns. */
function bytesOf({ buffer, byteOffset, byteLength }: TensorData): ArrayBuffer {
  return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength)).buffer;
}

/** Views received tensors with this realm's typed arrays; nothing is copied. */
export function adoptTensors(tensors: Readonly<Record<string, MovedTensor>>): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, { type, shape, data }]) => [name, { shape, data: adopt(type, data) }]));
}

/** The element type of the data, whatever realm it was made in. */
export function elementType(data: TensorData): ElementType {
  return TYPES[data[Symbol.toStringTag]] ?? 'uint8';
}

function adopt(type: ElementType, { buffer, byteOffset, length }: Pick<TensorData, 'buffer' | 'byteOffset' | 'length'>): TensorData {
  switch (type) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, length);
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, length);
  }
}
