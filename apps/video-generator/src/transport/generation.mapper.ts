import type { CompleteRequest, FailRequest, FilmRequest, HeartbeatResponse, Lease as WireLease } from '@gpt4video/contracts/gen/gpt4video/generation/v1/generation_service';
import { Stage } from '@gpt4video/contracts/gen/gpt4video/safety/v1/safety_service';
import { ownFromWire } from '@gpt4video/contracts/own-thresholds-wire';
import { DomainError } from '@gpt4video/ports/errors';
import type { FilmSpec } from '@gpt4video/ports/film-model';
import type { FilmFailure, Lease, Pulse, StoredFilm } from '../core/generation-queue.js';
import { LeaseToken } from '../core/lease-token.js';

// Ids become part of object keys.
const GENERATION_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** The lease of the owner's answer. Throws `invalid_request` naming the field that cannot be worked with. */
export function leaseOf(wire: WireLease): Lease {
  if (!GENERATION_ID.test(wire.generationId)) throw refused('generation_id', 'is not 1 to 128 letters, digits, "-" or "_"');
  if (wire.token === '') throw refused('token', 'is empty');
  if (wire.expiresAtMs <= 0) throw refused('expires_at_ms', 'is not a moment');
  if (wire.attempt < 1) throw refused('attempt', 'is not a number from 1');
  return {
    generationId: wire.generationId,
    token: new LeaseToken(wire.token),
    expiresAtMs: wire.expiresAtMs,
    attempt: wire.attempt,
    spec: specOf(wire.film),
    traceparent: wire.traceparent,
    own: wire.own && ownFromWire(wire.own),
  };
}

/** What to film. Throws as `leaseOf`; what the model can do is the model's own check. */
export function specOf(film: FilmRequest | undefined): FilmSpec {
  if (film === undefined) throw refused('film', 'is missing');
  if (film.caption.trim() === '') throw refused('film.caption', 'is empty');
  if (!Number.isSafeInteger(film.seed)) throw refused('film.seed', 'is not a whole number');
  for (const field of ['steps', 'width', 'height', 'frames'] as const) {
    if (!Number.isSafeInteger(film[field]) || film[field] < 1) throw refused(`film.${field}`, 'is not a whole number from 1');
  }
  if (!(Number.isFinite(film.fps) && film.fps > 0)) throw refused('film.fps', 'is not a positive number');
  if (!(Number.isFinite(film.guidanceScale) && film.guidanceScale >= 0)) throw refused('film.guidance_scale', 'is not a number from 0');
  const { caption, negativePrompt, seed, steps, guidanceScale, width, height, frames, fps } = film;
  return { caption, negativePrompt, seed, steps, guidanceScale, width, height, frames, fps };
}

/** What the owner said to a heartbeat. */
export function pulseOf({ stop, expiresAtMs }: HeartbeatResponse): Pulse {
  return { stop, expiresAtMs };
}

/** Id and secret of a lease, for the owner only. */
export function proofOf(lease: Lease): { readonly generationId: string; readonly token: string } {
  return { generationId: lease.generationId, token: lease.token.reveal() };
}

/** The finished film of a lease. */
export function completion(lease: Lease, film: StoredFilm, bundleRevision: string): CompleteRequest {
  const { video, thumbnail, spritesheet, stageMs } = film;
  return { ...proofOf(lease), video, thumbnail, spritesheet, stageMs: { ...stageMs }, bundleRevision };
}

/** The failed attempt of a lease. */
export function failure(lease: Lease, { code, message, retryable, category, verdict }: FilmFailure): FailRequest {
  const { score = 0, threshold = 0, policyVersion = '' } = verdict ?? {};
  const told = { allowed: false, category, score, threshold, policyVersion, scores: {}, flagged: [category], stage: Stage.STAGE_FILM };
  return { ...proofOf(lease), code, message, retryable, category, verdict: verdict && told };
}

function refused(param: string, what: string): DomainError {
  return new DomainError('invalid_request', `The claimed generation's "${param}" ${what}.`, { param });
}
