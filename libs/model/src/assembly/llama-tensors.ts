import { DomainError } from '@gpt4video/ports/errors';
import type { GgufFile, GgufTensor, GgufType } from './gguf.js';
import { readQ4, readQ8 } from './quantised-blocks.js';
import type { ByteMatrix, NibbleMatrix } from './quantised-blocks.js';

/** Takes tensors of an expected type and shape from a file. Throws `artifact_corrupt` naming file, tensor, expected and found. */
export class LlamaTensors {
  constructor(private readonly file: GgufFile) {}

  /** A vector `[size]` of float32. */
  vector(name: string, size: number): Float32Array {
    const { data } = this.#take(name, 'F32', [size]);
    // Not `slice`: on Node's Buffer that is a view of the whole file.
    return new Float32Array(new Uint8Array(data).buffer);
  }

  /** A Q4_1 matrix `[rows, columns]`. */
  nibbles(name: string, rows: number, columns: number): NibbleMatrix {
    return readQ4(this.#take(name, 'Q4_1', [rows, columns]).data, rows, columns);
  }

  /** A Q8_0 matrix `[rows, columns]`. */
  bytes(name: string, rows: number, columns: number): ByteMatrix {
    return readQ8(this.#take(name, 'Q8_0', [rows, columns]).data, rows, columns);
  }

  #take(name: string, type: GgufType, shape: readonly number[]): GgufTensor {
    const tensor = this.file.tensors.get(name);
    const expected = `${type} [${shape.join(', ')}]`;
    const found = tensor === undefined ? 'nothing' : `${tensor.type} [${tensor.shape.join(', ')}]`;
    if (tensor !== undefined && found === expected) return tensor;
    throw new DomainError('artifact_corrupt', `${this.file.name}, tensor ${name}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
  }
}
