import { DomainError } from '@gpt4video/ports/errors';
import { widenBfloat16, widenFloat16 } from './float16.js';
import { elementCount } from './tensor.js';
import type { StoredTensor } from './tensor-files.js';

/** Elements that are converted at a time: 64 MB as float32. */
const PIECE = 1 << 24;

/** The whole tensor as float32. Throws `artifact_corrupt` when it holds integers. */
export function readFloat32(tensor: StoredTensor, from = 0, to = elementCount(tensor.shape)): Float32Array {
  const bytes = tensor.raw(from, to);
  switch (tensor.dtype) {
    case 'F32':
      return new Float32Array(bytes.buffer, bytes.byteOffset, to - from);
    case 'F16':
      return widenFloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, to - from));
    case 'BF16':
      return widenBfloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, to - from));
    default:
      throw new DomainError('artifact_corrupt', `${tensor.file}, tensor ${tensor.name}: expected F32, F16 or BF16, found ${tensor.dtype}. Choose a model with floating-point weights.`);
  }
}

/** The tensor's float32 bytes in pieces of bounded size, each made when it is asked for. */
export function float32Pieces(tensor: StoredTensor): () => Iterable<Uint8Array> {
  return function* () {
    const count = elementCount(tensor.shape);
    for (let from = 0; from < count; from += PIECE) {
      const values = readFloat32(tensor, from, Math.min(from + PIECE, count));
      yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    }
  };
}
