import { z } from 'zod';
import { contentPart, textPart } from './media-parts.schema.js';

/** Most messages of one conversation. */
const MAX_MESSAGES = 512;
/** Most answers to one request. */
const MAX_ANSWERS = 4;
/** Most stop strings, as OpenAI has it. */
const MAX_STOPS = 4;

const textContent = z.union([z.string(), z.array(textPart).min(1)]);

const system = z.strictObject({ role: z.enum(['system', 'developer']), content: textContent, name: z.string().optional() });
const user = z.strictObject({ role: z.literal('user'), content: z.union([z.string().min(1), z.array(contentPart).min(1)]), name: z.string().optional() });
const video = z.looseObject({ id: z.string().min(1), caption: z.string() });
const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(textPart).min(1), z.null()]).optional(),
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

const side = z.strictObject({ mode: z.literal('block', { error: 'content is always blocked by the policy; give "block" or leave it out' }) });
const moderation = z.strictObject({ model: z.string().optional(), policy: z.strictObject({ input: side.optional(), output: side.optional() }).optional() });

/** Fields of OpenAI's that existing clients send with values that ask for nothing. */
const neutral = {
  frequency_penalty: z.literal(0, { error: 'the model has its own repetition penalty; give 0 or leave it out' }).nullish(),
  presence_penalty: z.literal(0, { error: 'the model has its own repetition penalty; give 0 or leave it out' }).nullish(),
  logprobs: z.literal(false, { error: 'probabilities are not told; give false or leave it out' }).nullish(),
  response_format: z.strictObject({ type: z.literal('text', { error: 'answers are text; give "text" or leave it out' }) }).nullish(),
  tools: z.array(z.unknown()).max(0, 'the model calls no tools; leave it out').nullish(),
  tool_choice: z.enum(['none', 'auto']).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  store: z.boolean().nullish(),
  service_tier: z.enum(['auto', 'default']).nullish(),
};

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
  n: z.number().int().min(1).max(MAX_ANSWERS).nullish().describe('Answers, each with a seed of its own'),
  user: z.string().max(256).optional(),
  safety_identifier: z.string().max(64).optional(),
  prompt_cache_key: z.string().max(256).optional(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  moderation: moderation.nullish(),
  ...neutral,
  video_generation: videoGeneration.optional(),
}).meta({ id: 'ChatCompletionRequest' });

/** A parsed request. */
export type ChatRequest = z.output<typeof chatRequest>;
