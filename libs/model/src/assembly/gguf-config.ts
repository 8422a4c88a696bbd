import { DomainError } from '@gpt4video/ports/errors';
import type { GgufFile } from './gguf.js';
import { rotaryFrequencies } from './llama-config.js';
import type { LlamaConfig, RopeScaling } from './llama-config.js';

/** Reads the sizes from the metadata. Throws `artifact_corrupt` for another architecture or sizes that do not go together. */
export function readGgufConfig(file: GgufFile): LlamaConfig {
  const { name, metadata, tensors } = file;
  const architecture = metadata.string('general.architecture');
  if (architecture !== 'llama') throw unsupported(name, 'general.architecture', '"llama"', `"${architecture}"`);
  const width = metadata.number('llama.embedding_length');
  const heads = metadata.number('llama.attention.head_count');
  const headWidth = metadata.numberOr('llama.attention.key_length', width / heads);
  const ropeWidth = metadata.numberOr('llama.rope.dimension_count', headWidth);
  if (ropeWidth !== headWidth) throw unsupported(name, 'llama.rope.dimension_count', `${headWidth}, the width of a head`, `${ropeWidth}`);
  const experts = metadata.numberOr('llama.expert_count', 0);
  if (experts > 0) throw unsupported(name, 'llama.expert_count', 'none', `${experts}`);
  const vocabulary = tensors.get('token_embd.weight')?.shape[0] ?? 0;
  return {
    layers: metadata.number('llama.block_count'),
    width,
    heads,
    kvHeads: metadata.numberOr('llama.attention.head_count_kv', heads),
    headWidth,
    feedForward: metadata.number('llama.feed_forward_length'),
    vocabulary,
    contextTokens: metadata.number('llama.context_length'),
    rmsEpsilon: metadata.number('llama.attention.layer_norm_rms_epsilon'),
    rotaryFrequencies: rotaryFrequencies(headWidth, metadata.numberOr('llama.rope.freq_base', 10_000), scalingOf(file, headWidth)),
  };
}

function scalingOf({ name, metadata, tensors }: GgufFile, headWidth: number): RopeScaling {
  const divisors = tensors.get('rope_freqs.weight');
  if (divisors !== undefined) {
    if (divisors.type.name === 'F32' && divisors.shape.join() === `${headWidth / 2}`) return { kind: 'divisors', divisors: new Float32Array(divisors.read(0, 1).buffer) };
    throw unsupported(name, 'tensor rope_freqs.weight', `F32 [${headWidth / 2}]`, `${divisors.type.name} [${divisors.shape.join(', ')}]`);
  }
  const kind = metadata.stringOr('llama.rope.scaling.type', 'none');
  if (kind === 'none') return { kind };
  if (kind === 'linear') return { kind, factor: metadata.number('llama.rope.scaling.factor') };
  throw unsupported(name, 'llama.rope.scaling.type', 'none or linear', kind);
}

function unsupported(file: string, part: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${part}: expected ${expected}, found ${found}. Choose a model of the LLaMA architecture.`);
}
