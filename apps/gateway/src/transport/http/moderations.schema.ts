import { CATEGORIES } from '@gpt4video/model/safety/categories';
import { z } from 'zod';
import { contentPart } from './media-parts.schema.js';

/** Most inputs of one request. */
const MAX_INPUTS = 32;
const text = z.string().max(100_000);

/** The body of `POST /v1/moderations`. */
export const moderationRequest = z
  .strictObject({
    model: z.string().optional().describe('Any name; the policy of the bundle decides'),
    input: z.union([text, z.array(text).min(1).max(MAX_INPUTS), z.array(contentPart).min(1).max(MAX_INPUTS)]),
  })
  .meta({ id: 'ModerationRequest' });

/** A parsed request. */
export type ModerationRequest = z.output<typeof moderationRequest>;

const byCategory = <Value extends z.ZodType>(value: Value) => z.object(Object.fromEntries(CATEGORIES.map((category) => [category, value])) as Record<string, Value>);

/** What screening says of each input. */
export const moderationAnswer = z
  .object({
    id: z.string(),
    model: z.string().describe('Version of the policy'),
    results: z.array(
      z.object({
        flagged: z.boolean(),
        policy_version: z.string().describe('Extension: of the policy that decided, with `+tenant` where thresholds of the tenant’s own did'),
        categories: byCategory(z.boolean()),
        category_scores: byCategory(z.number()),
        category_applied_input_types: byCategory(z.array(z.enum(['text', 'image', 'video']))),
        frames: z
          .array(z.object({ part: z.int(), frames: z.array(z.object({ timestamp_ms: z.number(), score: z.number(), flagged: z.boolean() })) }))
          .optional()
          .describe('Extension: the frames that each picture and video was judged by; `part` counts the parts of the input from 0'),
      }),
    ),
  })
  .meta({ id: 'Moderation' });
