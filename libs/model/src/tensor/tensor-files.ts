import { DomainError } from '@gpt4video/ports/errors';
import type { ByteSource } from './byte-source.js';
import { DTYPE_BYTES, HEADER_LENGTH_BYTES, headerBytes, readHeader } from './safetensors-header.js';
import type { Dtype } from './safetensors-header.js';
import { shapeText } from './tensor.js';

/** A tensor that stays on disk until its bytes are asked for. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The file that holds it. */
  readonly file: string;
  /** Little-endian bytes of the elements `from` inclusive to `to` exclusive, in memory of their own. */
  raw(from: number, to: number): Uint8Array;
}

/** The tensors of one or more safetensors files, read by range. */
export class TensorFiles {
  private constructor(
    /** What messages call the files together. */
    readonly source: string,
    private readonly tensors: ReadonlyMap<string, StoredTensor>,
  ) {}

  /** Reads the headers only. Throws `artifact_corrupt` for a broken header or a tensor that two files hold. */
  static read(source: string, files: readonly ByteSource[]): TensorFiles {
    const tensors = new Map<string, StoredTensor>();
    for (const tensor of files.flatMap(tensorsOf)) {
      const other = tensors.get(tensor.name);
      if (other !== undefined) throw corrupt(`${tensor.file}, tensor ${tensor.name}: expected once, found in ${other.file} too`);
      tensors.set(tensor.name, tensor);
    }
    return new TensorFiles(source, tensors);
  }

  get names(): readonly string[] {
    return [...this.tensors.keys()];
  }

  find(name: string): StoredTensor | undefined {
    return this.tensors.get(name);
  }

  /** The tensor of that name and shape. Throws `artifact_corrupt` naming file, tensor, expected and found. */
  require(name: string, shape: readonly number[]): StoredTensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw corrupt(`${this.source}, tensor ${name}: expected ${shapeText(shape)}, found nothing`);
    if (tensor.shape.join() === shape.join()) return tensor;
    throw corrupt(`${tensor.file}, tensor ${name}: expected ${shapeText(shape)}, found ${shapeText(tensor.shape)}`);
  }
}

function tensorsOf(file: ByteSource): StoredTensor[] {
  const length = headerBytes(file.read(0, Math.min(HEADER_LENGTH_BYTES, file.length)), file);
  const { entries } = readHeader(file.read(0, HEADER_LENGTH_BYTES + length), file);
  return entries.map(({ name, dtype, shape, start }) => ({
    name,
    dtype,
    shape,
    file: file.name,
    raw: (from, to) => file.read(start + from * DTYPE_BYTES[dtype], start + to * DTYPE_BYTES[dtype]),
  }));
}

function corrupt(fault: string): DomainError {
  return new DomainError('artifact_corrupt', `${fault}. Fetch the file again or choose another.`);
}
