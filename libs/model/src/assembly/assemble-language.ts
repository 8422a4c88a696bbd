import { encodeSafetensors } from '../tensor/safetensors.js';
import { readGguf } from './gguf.js';
import { readLlamaConfig } from './llama-config.js';
import type { LlamaConfig } from './llama-config.js';
import { buildLlamaGraph } from './llama-graph.js';
import { LlamaTensors } from './llama-tensors.js';
import { readLoraAdapter } from './lora-adapter.js';
import { tokenizerJson } from './tokenizer-json.js';

/** Files of the language model, by role. */
export const LANGUAGE_FILES = { graph: 'language.onnx', weights: 'language.onnx.data', embeddings: 'embeddings.safetensors', tokenizer: 'tokenizer.json' } as const;

/** Changes whenever the same sources would give other files. */
export const ASSEMBLY_FORMAT = 2;

/** The files' content. */
export interface AssembledLanguage {
  readonly config: LlamaConfig;
  readonly graph: Uint8Array;
  /** Pieces of the weights file. */
  readonly weights: Iterable<Uint8Array>;
  /** Safetensors: `values` uint8 `[vocabulary, width]` (two's complement), `scales` float32 `[vocabulary, width / 32]`. */
  readonly embeddings: Uint8Array;
  readonly tokenizer: string;
}

/**
 * Makes the language model's files from a GGUF file and an optional adapter, without requantising a weight.
 * Throws `artifact_corrupt` naming file, tensor, what was expected and what was found.
 */
export function assembleLanguage(gguf: { bytes: Uint8Array; name: string }, adapter?: Uint8Array): AssembledLanguage {
  const file = readGguf(gguf.bytes, gguf.name);
  const config = readLlamaConfig(file);
  const tensors = new LlamaTensors(file);
  const lora = adapter === undefined ? undefined : readLoraAdapter(new Uint8Array(adapter), config);
  const embedding = tensors.bytes('token_embd.weight', config.vocabulary, config.width);
  return {
    config,
    ...buildLlamaGraph({ config, tensors, lora, weightsFile: LANGUAGE_FILES.weights }),
    embeddings: encodeSafetensors({
      values: { shape: [config.vocabulary, config.width], data: new Uint8Array(embedding.values.buffer) },
      scales: { shape: [config.vocabulary, embedding.blocks], data: embedding.scales },
    }),
    tokenizer: tokenizerJson(file),
  };
}
