import { DomainError } from '@gpt4video/ports/errors';
import { readFloat32 } from '@gpt4video/model/tensor/stored-values';
import { TensorFiles } from '@gpt4video/model/tensor/tensor-files';
import type { StoredTensor } from '@gpt4video/model/tensor/tensor-files';
import { FileBytes } from '../filesystem/file-bytes.js';

/** Writes one row of the table as float32. */
type RowReader = (id: number, target: Float32Array, offset: number) => void;

/** The language model's input embeddings, read row by row from the disk: a table of a large model is larger than its use. */
export class EmbeddingTable {
  private constructor(
    private readonly file: FileBytes,
    readonly vocabulary: number,
    readonly width: number,
    private readonly row: RowReader,
  ) {}

  /** Opens the file that assembly wrote (`embeddingsFile` says how). Throws `artifact_corrupt` naming it. */
  static open(path: string): EmbeddingTable {
    const file = FileBytes.open(path);
    try {
      const tensors = TensorFiles.read(path, [file]);
      const table = tensors.find('weight') ?? tensors.find('values');
      const [vocabulary = 0, width = 0] = table?.shape ?? [];
      if (table === undefined || width === 0) throw new DomainError('artifact_corrupt', `${path}: expected a tensor weight or values, found ${tensors.names.join(', ') || 'none'}. Run: npx gpt4video models pull`);
      return new EmbeddingTable(file, vocabulary, width, table.name === 'weight' ? floatRows(table, width) : byteRows(table, tensors, [vocabulary, width]));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Writes the vector of `id` into `target` from `offset` on. Throws `invalid_request` for an id outside the vocabulary. */
  write(id: number, target: Float32Array, offset: number): void {
    if (!Number.isInteger(id) || id < 0 || id >= this.vocabulary) throw new DomainError('invalid_request', `Token id ${id} is outside the vocabulary of ${this.vocabulary}.`);
    this.row(id, target, offset);
  }

  close(): void {
    this.file.close();
  }
}

function floatRows(table: StoredTensor, width: number): RowReader {
  return (id, target, offset) => target.set(readFloat32(table, id * width, (id + 1) * width), offset);
}

function byteRows(table: StoredTensor, tensors: TensorFiles, [vocabulary, width]: readonly [number, number]): RowReader {
  const blocks = tensors.find('scales')?.shape[1] ?? 1;
  const scales = tensors.require('scales', [vocabulary, blocks]);
  const block = width / blocks;
  return (id, target, offset) => {
    const values = new Int8Array(table.raw(id * width, (id + 1) * width).buffer);
    const factors = readFloat32(scales, id * blocks, (id + 1) * blocks);
    values.forEach((value, index) => (target[offset + index] = value * (factors[Math.floor(index / block)] ?? 0)));
  };
}
