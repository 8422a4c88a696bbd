import { decodeSafetensors, requireTensor } from '@gpt4video/model/tensor/safetensors';
import { DomainError } from '@gpt4video/ports/errors';

/** The language model's input embeddings, kept as signed bytes with one scale for each block of a row. */
export class EmbeddingTable {
  private constructor(
    private readonly values: Int8Array,
    private readonly scales: Float32Array,
    readonly vocabulary: number,
    readonly width: number,
  ) {}

  /** Reads the file that assembly wrote: `values` uint8 `[vocabulary, width]`, `scales` float32 `[vocabulary, blocks]`. */
  static read(bytes: Uint8Array): EmbeddingTable {
    // A plain view: Node's Buffer slices by reference, which the decoder does not expect.
    const tensors = decodeSafetensors(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const { data, shape } = requireTensor(tensors, 'values');
    const { data: scales } = requireTensor(tensors, 'scales');
    const [vocabulary = 0, width = 0] = shape;
    if (!(scales instanceof Float32Array)) throw new DomainError('artifact_corrupt', 'The embedding table has no float32 scales. Run: npx gpt4video models pull');
    return new EmbeddingTable(new Int8Array(data.buffer, data.byteOffset, data.length), scales, vocabulary, width);
  }

  /** Writes the vector of `id` into `target` from `offset` on. Throws `invalid_request` for an id outside the vocabulary. */
  write(id: number, target: Float32Array, offset: number): void {
    if (!Number.isInteger(id) || id < 0 || id >= this.vocabulary) throw new DomainError('invalid_request', `Token id ${id} is outside the vocabulary of ${this.vocabulary}.`);
    const block = this.width / (this.scales.length / this.vocabulary);
    for (let index = 0; index < this.width; index += 1) {
      const place = id * this.width + index;
      target[offset + index] = (this.values[place] ?? 0) * (this.scales[Math.floor(place / block)] ?? 0);
    }
  }
}
