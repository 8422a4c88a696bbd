import { DomainError } from '@gpt4video/ports/errors';
import type { GgufFile } from './gguf.js';

/** Sizes of a LLaMA-architecture model. */
export interface LlamaConfig {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
  readonly ropeBase: number;
  readonly rmsEpsilon: number;
}

/** Reads the sizes from the metadata. Throws `artifact_corrupt` for another architecture or sizes that do not go together. */
export function readLlamaConfig({ name, metadata, tensors }: GgufFile): LlamaConfig {
  const architecture = metadata.string('general.architecture');
  if (architecture !== 'llama') throw unsupported(name, 'general.architecture', '"llama"', `"${architecture}"`);
  const width = metadata.number('llama.embedding_length');
  const heads = metadata.number('llama.attention.head_count');
  const headWidth = width / heads;
  const ropeWidth = metadata.numberOr('llama.rope.dimension_count', headWidth);
  if (ropeWidth !== headWidth) throw unsupported(name, 'llama.rope.dimension_count', `${headWidth}, the width of a head`, `${ropeWidth}`);
  if (tensors.has('output.weight')) throw unsupported(name, 'tensor output.weight', 'none, the head being tied to the embeddings', 'one');
  return {
    layers: metadata.number('llama.block_count'),
    width,
    heads,
    kvHeads: metadata.numberOr('llama.attention.head_count_kv', heads),
    headWidth,
    feedForward: metadata.number('llama.feed_forward_length'),
    vocabulary: tensors.get('token_embd.weight')?.shape[0] ?? 0,
    contextTokens: metadata.number('llama.context_length'),
    ropeBase: metadata.numberOr('llama.rope.freq_base', 10_000),
    rmsEpsilon: metadata.number('llama.attention.layer_norm_rms_epsilon'),
  };
}

function unsupported(file: string, part: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${part}: expected ${expected}, found ${found}. Choose a LLaMA-architecture model with tied embeddings.`);
}
