import type { StoredTensor, TensorFiles } from '../tensor/tensor-files.js';
import { readFloat32 } from '../tensor/stored-values.js';
import { DomainError } from '@gpt4video/ports/errors';
import { GGUF_TYPES } from './gguf-types.js';
import type { GgufType } from './gguf-types.js';
import type { HubConfig } from './hub-config.js';
import { matrixShape } from './llama-checkpoint.js';
import type { LayerMatrix, LlamaCheckpoint } from './llama-checkpoint.js';
import type { LlamaConfig } from './llama-config.js';
import type { StoredMatrix } from './stored-matrix.js';

const NAMES: Readonly<Record<LayerMatrix, string>> = {
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  output: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
};
const NORMS = { attention: 'input_layernorm', 'feed-forward': 'post_attention_layernorm' } as const;
const EMBEDDINGS = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';
/** Models that join a LLaMA to something else put this before its names. */
const PREFIXES = ['', 'language_model.'];

/** A LLaMA-architecture model in safetensors, named as `transformers` names its tensors. */
export class HubCheckpoint implements LlamaCheckpoint {
  readonly config: LlamaConfig;
  readonly #prefix: string;

  constructor(
    private readonly tensors: TensorFiles,
    private readonly hub: HubConfig,
  ) {
    this.config = hub.config;
    this.#prefix = PREFIXES.find((prefix) => tensors.find(prefix + EMBEDDINGS) !== undefined) ?? '';
  }

  get name(): string {
    return this.tensors.source;
  }

  embeddings(): StoredMatrix {
    return this.#matrix(EMBEDDINGS, [this.config.vocabulary, this.config.width]);
  }

  head(): StoredMatrix {
    return this.hub.tied ? this.embeddings() : this.#matrix(HEAD, [this.config.vocabulary, this.config.width]);
  }

  layer(index: number, matrix: LayerMatrix): StoredMatrix {
    return this.#matrix(`model.layers.${index}.${NAMES[matrix]}.weight`, matrixShape(this.config, matrix));
  }

  norm(place: Parameters<LlamaCheckpoint['norm']>[0]): Float32Array {
    const name = place === 'last' ? 'model.norm.weight' : `model.layers.${place.layer}.${NORMS[place.before]}.weight`;
    return readFloat32(this.tensors.require(this.#prefix + name, [this.config.width]));
  }

  #matrix(name: string, [rows, columns]: readonly [number, number]): StoredMatrix {
    const tensor = this.tensors.require(this.#prefix + name, [rows, columns]);
    return { type: typeOf(tensor), rows, columns, read: (from, to) => tensor.raw(from * columns, to * columns) };
  }
}

function typeOf({ dtype, file, name }: StoredTensor): GgufType {
  const type = Object.values(GGUF_TYPES).find((candidate) => candidate.name === dtype && candidate.blocks === undefined);
  if (type !== undefined) return type;
  throw new DomainError('artifact_corrupt', `${file}, tensor ${name}: expected F32, F16 or BF16, found ${dtype}. Choose a model with floating-point weights.`);
}
