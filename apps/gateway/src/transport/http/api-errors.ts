import { type ApiErrorType, ERROR_CODES, isErrorCode } from '@gpt4video/contracts/error-codes';
import type { ErrorCode } from '@gpt4video/ports/errors';

/** A code that only the HTTP edge gives. */
export type EdgeErrorCode = 'method_not_allowed' | 'request_too_large' | 'unsupported_media_type' | 'range_not_satisfiable' | 'request_timeout' | 'headers_too_large' | 'malformed_request';

/** A code as clients read it, and what it means for them. */
export interface ApiError {
  readonly code: string;
  readonly status: number;
  readonly type: ApiErrorType;
  /** What happened and what to do. */
  readonly meaning: string;
}

const EDGE: Readonly<Record<EdgeErrorCode, number>> = { method_not_allowed: 405, request_too_large: 413, unsupported_media_type: 415, range_not_satisfiable: 416, request_timeout: 408, headers_too_large: 431, malformed_request: 400 };

/** Codes of the services' own wires, which no client receives. */
const INTERNAL_ONLY: ReadonlySet<string> = new Set<ErrorCode>(['cancelled', 'lease_lost']);

const MEANING: Readonly<Record<ErrorCode | EdgeErrorCode, string>> = {
  invalid_request: 'A field is missing, unknown or out of bounds; `param` names it.',
  invalid_video: 'The bytes are no video or picture, or are damaged; send the whole file again.',
  video_too_large: 'The file has too many bytes or pixels; send a smaller one.',
  video_too_long: 'The video lasts too long; send a part of it.',
  unsupported_media: 'The container, codec or address of the media is not taken; the message says what is.',
  context_length_exceeded: 'The conversation has too many tokens; shorten it or send fewer videos.',
  unauthenticated: 'No API key, or one that is not known or was revoked.',
  not_found: 'There is no such object, or it belongs to another tenant.',
  model_not_found: 'There is no such model; `GET /v1/models` lists them.',
  conflict: 'The object is not in a state for this, or the first request with this Idempotency-Key is in flight.',
  idempotency_mismatch: 'The Idempotency-Key was used with another request; use a fresh one.',
  cancelled: 'The caller left.',
  deadline_exceeded: 'It took too long; try again later.',
  rate_limited: 'Too many requests of this tenant; wait for `Retry-After`.',
  storage_full: 'The object store has no room; wait for `Retry-After`.',
  overloaded: 'A queue is full; wait for `Retry-After`.',
  content_blocked: 'The prompt was declined by the safety policy; describe something else. Asking again does not help.',
  screening_unavailable: 'Screening does not answer, and nothing passes without it; wait for `Retry-After`.',
  model_unavailable: 'A model is not loaded; wait for `Retry-After`.',
  unavailable: 'A part of the service does not answer; wait for `Retry-After`.',
  lease_lost: 'A worker lost its generation.',
  artifact_missing: 'A stored object is gone; ask for it to be made again.',
  artifact_corrupt: 'A stored object is damaged; report it with the request id.',
  internal: 'A fault of ours; try again, and report it with the request id if it stays.',
  method_not_allowed: 'The path exists, but not by this method; `Allow` lists those that do.',
  request_too_large: 'The body is too large; upload videos with `POST /v1/files`.',
  unsupported_media_type: 'The content type is not taken by this route.',
  range_not_satisfiable: 'The Range lies outside the object.',
  headers_too_large: 'The headers have more than 16 KiB; send fewer.',
  malformed_request: 'This is not HTTP as it is written down (RFC 9112); use an HTTP library.',
  request_timeout: 'The request did not arrive in time; send it faster, or in parts with `/v1/uploads`.',
};

/** The code of a declined prompt as the videos API spells it. */
export const BLOCKED_INPUT = 'moderation_blocked.input';

/** A code as clients read it. */
export function apiError(code: ErrorCode | EdgeErrorCode): ApiError {
  const { http, type } = isErrorCode(code) ? ERROR_CODES[code] : { http: EDGE[code], type: 'invalid_request_error' as const };
  return { code: code === 'content_blocked' ? BLOCKED_INPUT : code, status: http, type, meaning: MEANING[code] };
}

/** Every code that a client may receive, by status. */
export const API_ERRORS: readonly ApiError[] = (Object.keys(MEANING) as (ErrorCode | EdgeErrorCode)[])
  .filter((code) => !INTERNAL_ONLY.has(code))
  .map(apiError)
  .toSorted((a, b) => a.status - b.status || a.code.localeCompare(b.code));
