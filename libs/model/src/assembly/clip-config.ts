import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';

/** Sizes of a stack of pre-norm transformer layers. */
export interface EncoderConfig {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly activation: 'quick_gelu' | 'gelu';
  readonly normEpsilon: number;
}

/** CLIP's image tower. `family` tells whose tensor names the checkpoint has. */
export interface ClipVisionConfig extends EncoderConfig {
  readonly family: 'clip' | 'mplug-owl';
  readonly imageSize: number;
  readonly patchSize: number;
}

/** CLIP's text tower. */
export interface ClipTextConfig extends EncoderConfig {
  readonly vocabulary: number;
  readonly maxTokens: number;
}

const count = z.number().int().positive();
const stack = { hidden_size: count, num_hidden_layers: count, num_attention_heads: count, intermediate_size: count };
const common = { hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu') };
// Fields that a config.json leaves out have the defaults of the classes that wrote it.
const clipVision = z.object({
  ...common,
  hidden_size: count.default(768),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  image_size: count.default(224),
  patch_size: count.default(32),
  layer_norm_eps: z.number().positive().default(1e-5),
});
const owlVision = z.object({
  ...common,
  hidden_size: count.default(1024),
  num_hidden_layers: count.default(24),
  num_attention_heads: count.default(16),
  intermediate_size: count.default(4096),
  image_size: count.default(224),
  patch_size: count.default(14),
  layer_norm_eps: z.number().positive().default(1e-6),
});
const clipText = z.object({ ...common, ...stack, vocab_size: count.default(49_408), max_position_embeddings: count.default(77), layer_norm_eps: z.number().positive().default(1e-5) });

/**
 * The image tower of a config.json: of `CLIPModel`, of `CLIPVisionModel` or of mPLUG-Owl. `file` is what messages call it.
 * Throws `artifact_corrupt` naming file, field, expected and found.
 */
export function readVisionConfig(text: string, file: string): ClipVisionConfig {
  const json = parseObject(text, file);
  const type = modelType(json, file, ['clip', 'clip_vision_model', 'mplug-owl']);
  const family = type === 'mplug-owl' ? 'mplug-owl' : 'clip';
  const fields = read(family === 'clip' ? clipVision : owlVision, type === 'clip_vision_model' ? json : json['vision_config'], file);
  const config = { ...encoderOf(fields, file), family, imageSize: fields.image_size, patchSize: fields.patch_size } as const;
  if (config.imageSize % config.patchSize === 0) return config;
  throw corrupt(file, 'image_size', `a multiple of the patch size ${config.patchSize}`, `${config.imageSize}`);
}

/** The text tower of a config.json of `CLIPModel` or `CLIPTextModel`. Throws as `readVisionConfig`. */
export function readTextConfig(text: string, file: string): ClipTextConfig {
  const json = parseObject(text, file);
  const type = modelType(json, file, ['clip', 'clip_text_model']);
  const fields = read(clipText, type === 'clip' ? json['text_config'] : json, file);
  return { ...encoderOf(fields, file), vocabulary: fields.vocab_size, maxTokens: fields.max_position_embeddings };
}

function encoderOf(fields: z.infer<typeof clipText> | z.infer<typeof clipVision>, file: string): EncoderConfig {
  const { hidden_size: width, num_attention_heads: heads } = fields;
  if (width % heads !== 0) throw corrupt(file, 'hidden_size', `a multiple of ${heads} heads`, `${width}`);
  return { width, heads, layers: fields.num_hidden_layers, feedForward: fields.intermediate_size, activation: fields.hidden_act, normEpsilon: fields.layer_norm_eps };
}

function parseObject(text: string, file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw corrupt(file, 'content', 'a JSON object', 'something else');
  }
}

function modelType(json: Record<string, unknown>, file: string, known: readonly string[]): string {
  const found = json['model_type'];
  if (typeof found === 'string' && known.includes(found)) return found;
  throw corrupt(file, 'model_type', known.map((name) => `"${name}"`).join(' or '), found === undefined ? 'nothing' : JSON.stringify(found));
}

function read<Fields>(schema: z.ZodType<Fields>, value: unknown, file: string): Fields {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  const expected = issue?.code === 'invalid_value' ? issue.values.map((name) => JSON.stringify(name)).join(' or ') : 'a positive number';
  const found = field === '' ? value : (value as Record<string, unknown>)[field];
  throw corrupt(file, field || 'tower', field ? expected : 'the settings of a tower', found === undefined ? 'nothing' : JSON.stringify(found));
}

function corrupt(file: string, field: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${field}: expected ${expected}, found ${found}. Choose another model.`);
}
