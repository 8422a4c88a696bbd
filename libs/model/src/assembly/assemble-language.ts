import { embeddingsFile } from './embeddings-file.js';
import type { Precision } from './linear-layer.js';
import type { LlamaCheckpoint } from './llama-checkpoint.js';
import { buildLlamaGraph } from './llama-graph.js';
import { readLoraAdapter } from './lora-adapter.js';

/** Files of the language model, by role. */
export const LANGUAGE_FILES = { graph: 'language.onnx', weights: 'language.onnx.data', embeddings: 'embeddings.safetensors', tokenizer: 'tokenizer.json' } as const;

/** Changes whenever the same sources would give other files. */
export const ASSEMBLY_FORMAT = 3;

/** The files' content; pieces are made when they are asked for, so that the model need not fit in memory. */
export interface AssembledLanguage {
  readonly graph: Uint8Array;
  readonly weights: Iterable<Uint8Array>;
  /** See `embeddingsFile`. */
  readonly embeddings: Iterable<Uint8Array>;
}

/** What may be chosen. */
export interface AssemblyChoices {
  /** `stored` when absent: no weight is changed. */
  readonly precision?: Precision;
  /** A LoRA adapter, see `readLoraAdapter`; it stays apart, so that the base weights need no rounding. */
  readonly adapter?: Uint8Array | undefined;
}

/**
 * Makes the language model's files from a checkpoint and an optional adapter.
 * Throws `artifact_corrupt` naming file, tensor, what was expected and what was found.
 */
export function assembleLanguage(checkpoint: LlamaCheckpoint, { precision = 'stored', adapter }: AssemblyChoices = {}): AssembledLanguage {
  const lora = adapter === undefined ? undefined : readLoraAdapter(new Uint8Array(adapter), checkpoint.config);
  return {
    ...buildLlamaGraph({ checkpoint, precision, lora, weightsFile: LANGUAGE_FILES.weights }),
    embeddings: embeddingsFile(checkpoint.embeddings(), precision),
  };
}
