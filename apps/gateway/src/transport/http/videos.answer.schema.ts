import { z } from 'zod';
import { verdictObject } from './error.schema.js';
import { listOf, seconds } from './list.schema.js';

/** A video as clients read it. */
export const videoObject = z
  .object({
    id: z.string(),
    object: z.literal('video'),
    model: z.string(),
    status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
    progress: z.int().min(0).max(100),
    created_at: seconds,
    completed_at: seconds.nullable(),
    expires_at: seconds.nullable(),
    prompt: z.string(),
    size: z.string(),
    seconds: z.string(),
    remixed_from_video_id: z.string().nullable(),
    error: z
      .object({
        code: z.string().describe('moderation_blocked.input, moderation_blocked.output, cancelled or generation_failed'),
        message: z.string(),
        retryable: z.boolean().describe('Extension: true when asking again may help'),
        category: z.string().nullable().describe('Extension: the policy category of a blocked film'),
        verdict: verdictObject.optional().describe('Extension, with `moderation_blocked.output`: what declined the film'),
      })
      .nullable(),
    seed: z.int().describe('Extension'),
    num_inference_steps: z.int().describe('Extension'),
    guidance_scale: z.number().describe('Extension'),
    negative_prompt: z.string().nullable().describe('Extension'),
    fps: z.number().describe('Extension'),
    num_frames: z.int().describe('Extension'),
    stage_durations: z.record(z.string(), z.number()).optional().describe('Extension: seconds by stage'),
    bundle_revision: z.string().optional().describe('Extension: revision of the models that made it'),
    inference_time_s: z.number().optional().describe('Extension'),
  })
  .meta({ id: 'Video' });

/** Videos, page by page. */
export const videoList = listOf('VideoList', videoObject);

/** What is left of a deleted video. */
export const videoDeleted = z.object({ id: z.string(), object: z.literal('video.deleted'), deleted: z.literal(true) }).meta({ id: 'VideoDeleted' });

/** One event of `GET /v1/videos/{id}/events`. */
export const videoEvent = z
  .object({ id: z.string(), status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled']), progress: z.int(), at: z.number().describe('Milliseconds since the epoch') })
  .meta({ id: 'VideoEvent' });
