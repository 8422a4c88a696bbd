import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import type { BundleManifest } from '../bundle/bundle-schema.js';
import type { TensorFiles } from '../tensor/tensor-files.js';

/** Sizes of an abstractor, and how its branches are wired. */
export interface AbstractorGraphConfig {
  readonly variant: BundleManifest['abstractor']['variant'];
  readonly layers: number;
  readonly heads: number;
  /** Width of queries and features. */
  readonly width: number;
  /** Inner width of the gated feed-forward. */
  readonly feedForward: number;
  /** Queries of each of the two sets. */
  readonly queries: number;
  readonly frames: number;
  /** Features of a frame. */
  readonly patches: number;
  /** Width of the language model's embedding space. */
  readonly languageWidth: number;
  readonly innerEpsilon: number;
  readonly timeEmbeddings: boolean;
}

/** Frames of a video that the paper samples (§4.1); nothing in a checkpoint without time embeddings says another number. */
const PUBLISHED_FRAMES = 4;
const MULTIPLE = 256;
const GATED = 2816;

const count = z.number().int().positive();
// Fields that a config.json leaves out have the defaults of mPLUG-Owl's classes.
const schema = z.object({
  model_type: z.literal('mplug-owl'),
  num_query_tokens: count.default(64),
  vision_config: z.object({ hidden_size: count.default(1024), image_size: count.default(224), patch_size: count.default(14) }).prefault({}),
  visual_abstractor_config: z
    .object({
      hidden_size: count.default(1024),
      num_hidden_layers: count.default(6),
      num_attention_heads: count.default(16),
      intermediate_size: count.default(4096),
      encoder_hidden_size: count.default(1024),
      layer_norm_eps: z.number().positive().default(1e-6),
    })
    .prefault({}),
});

/**
 * An abstractor by mPLUG-Owl's config.json and what the checkpoint holds: `vit_eos` marks the `joint` wiring, `time_embedding` an abstractor
 * that knows the order of frames. `file` is what messages call config.json. Throws `artifact_corrupt` naming file, field, expected and found.
 */
export function readAbstractorConfig(text: string, file: string, tensors: TensorFiles): AbstractorGraphConfig {
  const { num_query_tokens: queries, vision_config: vision, visual_abstractor_config: fields } = parse(text, file);
  const { hidden_size: width, num_attention_heads: heads } = fields;
  if (width % heads !== 0) throw corrupt(file, 'visual_abstractor_config.hidden_size', `a multiple of ${heads} heads`, width);
  // Queries and features stand in one sequence of keys, so they have one width.
  for (const found of [fields.encoder_hidden_size, vision.hidden_size]) {
    if (found !== width) throw corrupt(file, 'visual_abstractor_config.encoder_hidden_size', `${width}, the width of queries and of the image tower`, found);
  }
  const projection = tensors.find('abstractor.visual_fc.weight');
  if (projection === undefined) throw corrupt(tensors.source, 'tensor abstractor.visual_fc.weight', `[language width, ${width}]`, undefined);
  const time = tensors.find('abstractor.time_embedding');
  return {
    variant: tensors.find('abstractor.vit_eos') === undefined ? 'paper' : 'joint',
    layers: fields.num_hidden_layers,
    heads,
    width,
    feedForward: innerWidth(fields.intermediate_size),
    queries,
    frames: time?.shape[0] ?? PUBLISHED_FRAMES,
    patches: (vision.image_size / vision.patch_size) ** 2 + 1,
    languageWidth: projection.shape[0] ?? 0,
    innerEpsilon: fields.layer_norm_eps,
    timeEmbeddings: time !== undefined,
  };
}

/** mPLUG-Owl counts two thirds of the stated width, rounded up, since the gate is a matrix more. */
function innerWidth(stated: number): number {
  return stated === GATED ? GATED : MULTIPLE * Math.ceil(Math.trunc((2 * stated) / 3) / MULTIPLE);
}

function parse(text: string, file: string): z.infer<typeof schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw corrupt(file, 'content', 'JSON', 'something else');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const expected = path[0] === 'model_type' ? '"mplug-owl"' : 'a positive number';
  throw corrupt(file, path.join('.') || 'content', expected, path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], json));
}

function corrupt(file: string, field: string, expected: string, found: unknown): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${field}: expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}. Choose another model.`);
}
