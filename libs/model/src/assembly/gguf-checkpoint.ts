import { DomainError } from '@gpt4video/ports/errors';
import type { ByteSource } from '../tensor/byte-source.js';
import { readGguf } from './gguf.js';
import type { GgufFile, GgufTensor } from './gguf.js';
import { readGgufConfig } from './gguf-config.js';
import { matrixShape } from './llama-checkpoint.js';
import type { LayerMatrix, LlamaCheckpoint } from './llama-checkpoint.js';
import type { LlamaConfig } from './llama-config.js';
import { unpermuteRows } from './stored-matrix.js';
import type { StoredMatrix } from './stored-matrix.js';

const NAMES: Readonly<Record<LayerMatrix, string>> = { query: 'attn_q', key: 'attn_k', value: 'attn_v', output: 'attn_output', gate: 'ffn_gate', up: 'ffn_up', down: 'ffn_down' };
const NORMS = { attention: 'attn_norm', 'feed-forward': 'ffn_norm' } as const;

/** A LLaMA-architecture GGUF file. */
export class GgufCheckpoint implements LlamaCheckpoint {
  private constructor(
    readonly file: GgufFile,
    readonly config: LlamaConfig,
  ) {}

  /** Reads the header. Throws `artifact_corrupt` for another format or architecture. */
  static read(source: ByteSource): GgufCheckpoint {
    const file = readGguf(source);
    return new GgufCheckpoint(file, readGgufConfig(file));
  }

  get name(): string {
    return this.file.name;
  }

  embeddings(): StoredMatrix {
    return this.#matrix('token_embd.weight', [this.config.vocabulary, this.config.width]);
  }

  head(): StoredMatrix {
    return this.file.tensors.has('output.weight') ? this.#matrix('output.weight', [this.config.vocabulary, this.config.width]) : this.embeddings();
  }

  layer(index: number, matrix: LayerMatrix): StoredMatrix {
    const stored = this.#matrix(`blk.${index}.${NAMES[matrix]}.weight`, matrixShape(this.config, matrix));
    if (matrix === 'query') return unpermuteRows(stored, this.config.heads);
    return matrix === 'key' ? unpermuteRows(stored, this.config.kvHeads) : stored;
  }

  norm(place: Parameters<LlamaCheckpoint['norm']>[0]): Float32Array {
    const name = place === 'last' ? 'output_norm.weight' : `blk.${place.layer}.${NORMS[place.before]}.weight`;
    const tensor = this.#tensor(name, [this.config.width]);
    if (tensor.type.name !== 'F32') throw this.#wrong(name, `F32 [${this.config.width}]`, tensor);
    return new Float32Array(tensor.read(0, 1).buffer);
  }

  #matrix(name: string, [rows, columns]: readonly [number, number]): StoredMatrix {
    const { type, read } = this.#tensor(name, [rows, columns]);
    return { type, rows, columns, read };
  }

  #tensor(name: string, shape: readonly number[]): GgufTensor {
    const tensor = this.file.tensors.get(name);
    if (tensor !== undefined && tensor.shape.join() === shape.join()) return tensor;
    throw this.#wrong(name, `[${shape.join(', ')}]`, tensor);
  }

  #wrong(name: string, expected: string, tensor: GgufTensor | undefined): DomainError {
    const found = tensor === undefined ? 'nothing' : `${tensor.type.name} [${tensor.shape.join(', ')}]`;
    return new DomainError('artifact_corrupt', `${this.name}, tensor ${name}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
  }
}
