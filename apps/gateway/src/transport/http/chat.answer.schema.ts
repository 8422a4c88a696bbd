import { z } from 'zod';
import { verdictObject } from './error.schema.js';
import { seconds } from './list.schema.js';

const answerVideo = z.object({ index: z.int(), id: z.string(), caption: z.string(), status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled']), progress: z.int() }).meta({ id: 'AnswerVideo' });

const moderationResults = z
  .object({
    type: z.literal('moderation_results'),
    model: z.string().describe('Version of the policy'),
    results: z.array(z.object({ flagged: z.boolean(), ...verdictObject.shape, categories: z.record(z.string(), z.boolean()), category_scores: z.record(z.string(), z.number()) })).describe('Of the answer: its text, then captions that were declined'),
  })
  .meta({ id: 'AnswerModerationResults' });

const moderation = z.object({ input: moderationResults.nullable(), output: moderationResults.nullable() });

const usage = z
  .object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
    prompt_tokens_details: z.object({ cached_tokens: z.int(), text_tokens: z.int().describe('Extension'), video_tokens: z.int().describe('Extension') }),
  })
  .meta({ id: 'Usage' });

const mediaFiles = z
  .array(z.object({ param: z.string().describe('The part of the request, as `messages[0].content[1].video_url.url`'), file_id: z.string() }))
  .optional()
  .describe('Extension: which file each picture or video of the request is; `/v1/files/{id}/frames/{n}` shows what the model sees of it');

const finishReason = z.enum(['stop', 'length', 'content_filter']);
const frame = { id: z.string(), created: seconds, model: z.string() };

/** An answer at once. */
export const completion = z
  .object({
    ...frame,
    object: z.literal('chat.completion'),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null(), videos: z.array(answerVideo).optional().describe('Extension: films of this answer') }),
        logprobs: z.null(),
        finish_reason: finishReason,
      }),
    ),
    usage,
    moderation: moderation.describe('Extension of this answer: what screening said'),
    media: mediaFiles,
    system_fingerprint: z.string().nullable(),
  })
  .meta({ id: 'ChatCompletion' });

/** A piece of a streamed answer. */
export const completionChunk = z
  .object({
    ...frame,
    object: z.literal('chat.completion.chunk'),
    choices: z.array(
      z.object({
        index: z.int(),
        delta: z.object({ role: z.literal('assistant').optional(), content: z.string().optional(), videos: z.array(answerVideo).optional().describe('Extension: films of this answer, again whenever one changes') }),
        logprobs: z.null(),
        finish_reason: finishReason.nullable(),
      }),
    ),
    usage: usage.optional(),
    moderation: moderation.optional(),
    media: mediaFiles,
    system_fingerprint: z.string().nullable().optional(),
  })
  .meta({ id: 'ChatCompletionChunk' });
