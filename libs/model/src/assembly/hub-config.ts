import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import { rotaryFrequencies } from './llama-config.js';
import type { LlamaConfig, RopeScaling } from './llama-config.js';

const size = z.number().int().positive();

const scalingSchema = z.object({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: size.optional(),
});

const configSchema = z.object({
  model_type: z.literal('llama'),
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: scalingSchema.nullish(),
  rope_parameters: scalingSchema.nullish(),
  hidden_act: z.literal('silu').default('silu'),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
  tie_word_embeddings: z.boolean().default(false),
});

/** What a hub folder's config.json says. */
export interface HubConfig {
  readonly config: LlamaConfig;
  /** True when the head is the embedding table. */
  readonly tied: boolean;
}

/** Reads config.json (transformers' LlamaConfig). Throws `artifact_corrupt` naming the file and every field that is not as expected. */
export function readHubConfig(file: string, text: string): HubConfig {
  const result = configSchema.safeParse(parse(file, text));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'content'}: ${issue.message}`);
    throw corrupt(file, faults.join('; '));
  }
  const found = result.data;
  const headWidth = found.head_dim ?? found.hidden_size / found.num_attention_heads;
  const kvHeads = found.num_key_value_heads ?? found.num_attention_heads;
  if (!Number.isInteger(headWidth / 2)) throw corrupt(file, `hidden_size: expected a multiple of 2 × ${found.num_attention_heads} heads, found ${found.hidden_size}`);
  if (found.num_attention_heads % kvHeads !== 0) throw corrupt(file, `num_key_value_heads: expected a divisor of ${found.num_attention_heads}, found ${kvHeads}`);
  const scaling = found.rope_parameters ?? found.rope_scaling ?? {};
  return {
    tied: found.tie_word_embeddings,
    config: {
      layers: found.num_hidden_layers,
      width: found.hidden_size,
      heads: found.num_attention_heads,
      kvHeads,
      headWidth,
      feedForward: found.intermediate_size,
      vocabulary: found.vocab_size,
      contextTokens: found.max_position_embeddings,
      rmsEpsilon: found.rms_norm_eps,
      rotaryFrequencies: rotaryFrequencies(headWidth, found.rope_theta ?? scaling.rope_theta ?? 10_000, scalingOf(file, scaling)),
    },
  };
}

function scalingOf(file: string, scaling: z.infer<typeof scalingSchema>): RopeScaling {
  const kind = scaling.rope_type ?? scaling.type ?? 'default';
  const { factor, low_freq_factor: lowFactor, high_freq_factor: highFactor, original_max_position_embeddings: originalContext } = scaling;
  if (kind === 'default') return { kind: 'none' };
  if (kind === 'linear' && factor !== undefined) return { kind, factor };
  if (kind === 'llama3' && factor !== undefined && lowFactor !== undefined && highFactor !== undefined && originalContext !== undefined) return { kind, factor, lowFactor, highFactor, originalContext };
  throw corrupt(file, `rope_scaling: expected default, or linear or llama3 with their factors, found ${JSON.stringify(scaling)}`);
}

function parse(file: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Models that join a LLaMA to something else keep its sizes in a part of their own.
    return typeof value === 'object' && value !== null && 'text_config' in value ? value.text_config : value;
  } catch (cause) {
    throw new DomainError('artifact_corrupt', `${file}: expected JSON, found something else. Fetch the file again.`, { cause });
  }
}

function corrupt(file: string, fault: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${fault}. Choose a model of the LLaMA architecture.`);
}
