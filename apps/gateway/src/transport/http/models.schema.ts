import { z } from 'zod';

/** A model as clients read it. */
export const modelObject = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
    revision: z.string().describe('Extension: first digits of the SHA-256 of the bundle’s manifest'),
    context_tokens: z.int().describe('Extension'),
    tokens_per_video: z.int().describe('Extension'),
    defaults: z.object({ temperature: z.number(), top_p: z.number(), max_completion_tokens: z.int() }).describe('Extension'),
    video: z
      .object({ sizes: z.array(z.string()), seconds: z.array(z.string()), fps: z.number(), num_frames: z.int(), max_steps: z.int(), default_steps: z.int(), default_guidance_scale: z.number() })
      .describe('Extension: the films that it makes'),
    safety: z
      .object({
        policy_version: z.string(),
        thresholds: z.record(z.string(), z.number()).describe('Lowest refused score of a text by category'),
        frame_threshold: z.number().describe('Lowest score that flags a frame'),
        release_window: z.object({ min_chars: z.int(), max_chars: z.int() }).describe('Streamed text is released in pieces that screening has passed: from `min_chars` at the end of a clause, `max_chars` at the latest'),
      })
      .describe('Extension: how screening decides where a tenant has no thresholds of its own'),
    parts: z.record(z.string(), z.number()).describe('Extension: bytes of each part'),
  })
  .meta({ id: 'Model' });

/** Every model that is loaded. */
export const modelList = z.object({ object: z.literal('list'), data: z.array(modelObject) }).meta({ id: 'ModelList' });
