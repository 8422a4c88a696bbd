import { toDomainError, type ErrorCode } from '@gpt4video/ports/errors';
import type { FilmFailure } from './generation-queue.js';

// The same spec would meet the same fate: another attempt is wasted work.
const PERMANENT: ReadonlySet<ErrorCode> = new Set(['invalid_request', 'content_blocked', 'model_not_found', 'unsupported_media']);

/** What the person who asked is told of a failed attempt, and whether to try again. */
export function failureOf(thrown: unknown): FilmFailure {
  const error = toDomainError(thrown);
  const retryable = !PERMANENT.has(error.code);
  const category = error.category ?? '';
  if (error.code === 'content_blocked') return { code: 'moderation_blocked.output', message: error.message, retryable, category, verdict: error.verdict };
  if (error.code === 'screening_unavailable') return { code: error.code, message: error.message, retryable, category };
  if (error.code === 'invalid_request') return { code: error.code, message: error.message, retryable, category };
  return { code: 'generation_failed', message: 'The film could not be made; ask for it again.', retryable, category };
}
