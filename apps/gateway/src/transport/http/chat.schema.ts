import { z } from 'zod';

/** Most messages of one conversation. */
const MAX_MESSAGES = 512;
/** Most stop strings, as OpenAI has it. */
const MAX_STOPS = 4;

const text = z.strictObject({ type: z.literal('text'), text: z.string() });
const videoUrl = z.strictObject({ type: z.literal('video_url'), video_url: z.strictObject({ url: z.string().min(1) }), uuid: z.string().optional() });
const file = z.strictObject({ type: z.literal('file'), file: z.strictObject({ file_id: z.string().min(1) }) });
const part = z.discriminatedUnion('type', [text, videoUrl, file], { error: 'a part has the type "text", "video_url" or "file"' });
const textContent = z.union([z.string(), z.array(text).min(1)]);

const system = z.strictObject({ role: z.enum(['system', 'developer']), content: textContent, name: z.string().optional() });
const user = z.strictObject({ role: z.literal('user'), content: z.union([z.string().min(1), z.array(part).min(1)]), name: z.string().optional() });
const video = z.looseObject({ id: z.string().min(1), caption: z.string() });
const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(text).min(1), z.null()]).optional(),
  videos: z.array(video).optional(),
  refusal: z.string().nullish(),
  annotations: z.array(z.unknown()).optional(),
  name: z.string().optional(),
});
const message = z.discriminatedUnion('role', [system, user, assistant], { error: 'the role is "system", "user" or "assistant"' });

const seed = z.number().int().min(0).max(2 ** 31 - 1);

const videoGeneration = z.strictObject({
  mode: z.enum(['auto', 'none', 'required']).default('auto'),
  wait: z.boolean().default(false),
  size: z.string().optional(),
  seconds: z.coerce.number().positive().optional(),
  fps: z.number().positive().optional(),
  seed: seed.optional(),
  steps: z.number().int().min(1).optional(),
  guidance_scale: z.number().min(0).max(20).optional(),
  negative_prompt: z.string().max(1_000).optional(),
});

/** The body of `POST /v1/chat/completions`. */
export const chatRequest = z.strictObject({
  model: z.string().optional(),
  messages: z.array(message).min(1, 'give at least one message').max(MAX_MESSAGES).refine((messages) => messages.at(-1)?.role === 'user', 'the last message must be of the role "user"'),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() }).nullish(),
  max_completion_tokens: z.number().int().min(1).max(4_096).nullish(),
  max_tokens: z.number().int().min(1).max(4_096).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(MAX_STOPS)]).nullish(),
  seed: seed.nullish(),
  n: z.literal(1, { error: 'only one answer is written to a request; leave it out or give 1' }).nullish(),
  user: z.string().max(256).optional(),
  safety_identifier: z.string().max(64).optional(),
  prompt_cache_key: z.string().max(256).optional(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  moderation: z.looseObject({}).nullish(),
  video_generation: videoGeneration.optional(),
}).meta({ id: 'ChatCompletionRequest' });

/** A parsed request. */
export type ChatRequest = z.output<typeof chatRequest>;
