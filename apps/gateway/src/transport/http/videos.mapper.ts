import type { z } from 'zod';
import type { FilmOptions, OptionNames } from '../../core/generations/film-options.js';
import { type Generation, isTerminal } from '../../core/generations/generation.js';
import type { videoObject } from './videos.answer.schema.js';
import { toVerdictObject } from './verdict.mapper.js';
import type { VideoRequest } from './videos.schema.js';

/** How `POST /v1/videos` spells a film's options. */
export const VIDEO_OPTION_NAMES: OptionNames = { size: 'size', seconds: 'seconds', fps: 'fps', frames: 'num_frames', steps: 'num_inference_steps' };

/** A request's options as the core reads them. */
export function toFilmOptions(request: VideoRequest): FilmOptions {
  const { seconds, fps, seed, width, height } = request;
  const size = request.size ?? (width === undefined || height === undefined ? undefined : `${width}x${height}`);
  const options = { size, seconds, fps, seed, frames: request.num_frames, steps: request.num_inference_steps, guidanceScale: request.guidance_scale, negativePrompt: request.negative_prompt };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** A generation as clients read it: OpenAI's video object and how it was made. A cancelled one is `failed` with the code `cancelled`. It is kept for `retentionMs` after it ended. */
export function toVideoObject(generation: Generation, retentionMs: number): z.output<typeof videoObject> {
  const { id, model, status, progress, film, error, result } = generation;
  return {
    id,
    object: 'video',
    model,
    status: status === 'cancelled' ? 'failed' : status,
    progress,
    created_at: Math.floor(generation.createdAtMs / 1_000),
    completed_at: status === 'completed' ? toSeconds(generation.endedAtMs) : null,
    expires_at: generation.endedAtMs === undefined ? null : toSeconds(generation.endedAtMs + retentionMs),
    prompt: film.caption,
    size: `${film.width}x${film.height}`,
    seconds: String(film.frames / film.fps),
    remixed_from_video_id: generation.remixedFrom ?? null,
    error: error === undefined ? null : { code: error.code, message: error.message, retryable: error.retryable, category: error.category || null, ...(error.verdict === undefined ? {} : { verdict: toVerdictObject(error.verdict) }) },
    seed: film.seed,
    num_inference_steps: film.steps,
    guidance_scale: film.guidanceScale,
    negative_prompt: film.negativePrompt || null,
    fps: film.fps,
    num_frames: film.frames,
    ...(result === undefined ? {} : { stage_durations: inSeconds(result.stageMs), bundle_revision: result.bundleRevision }),
    ...(isTerminal(status) && generation.startedAtMs !== undefined && generation.endedAtMs !== undefined ? { inference_time_s: (generation.endedAtMs - generation.startedAtMs) / 1_000 } : {}),
  };
}

/** The options with which a film like this one is made: all but its prompt. */
export function optionsOf({ film }: Generation): FilmOptions {
  return { size: `${film.width}x${film.height}`, fps: film.fps, frames: film.frames, seed: film.seed, steps: film.steps, guidanceScale: film.guidanceScale, negativePrompt: film.negativePrompt };
}

function toSeconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.floor(ms / 1_000);
}

function inSeconds(stageMs: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(stageMs).map(([stage, ms]) => [stage, ms / 1_000]));
}
