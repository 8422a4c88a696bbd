import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '@gpt4video/ports/errors';

/** The `type` of the public API's error envelope, as OpenAI's clients know it. */
export type ApiErrorType = 'invalid_request_error' | 'authentication_error' | 'rate_limit_error' | 'server_error';

/** What one code means on each wire. */
export interface ErrorMapping {
  readonly grpc: status;
  /** HTTP status; 499 is the customary "client closed request", which nobody receives. */
  readonly http: number;
  readonly type: ApiErrorType;
}

/** Every code of the project on every wire. The compiler refuses a code that is missing here. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorMapping>> = {
  invalid_request: { grpc: status.INVALID_ARGUMENT, http: 400, type: 'invalid_request_error' },
  invalid_video: { grpc: status.INVALID_ARGUMENT, http: 400, type: 'invalid_request_error' },
  video_too_large: { grpc: status.INVALID_ARGUMENT, http: 413, type: 'invalid_request_error' },
  video_too_long: { grpc: status.INVALID_ARGUMENT, http: 400, type: 'invalid_request_error' },
  unsupported_media: { grpc: status.INVALID_ARGUMENT, http: 415, type: 'invalid_request_error' },
  context_length_exceeded: { grpc: status.INVALID_ARGUMENT, http: 400, type: 'invalid_request_error' },
  unauthenticated: { grpc: status.UNAUTHENTICATED, http: 401, type: 'authentication_error' },
  not_found: { grpc: status.NOT_FOUND, http: 404, type: 'invalid_request_error' },
  model_not_found: { grpc: status.NOT_FOUND, http: 404, type: 'invalid_request_error' },
  conflict: { grpc: status.FAILED_PRECONDITION, http: 409, type: 'invalid_request_error' },
  idempotency_mismatch: { grpc: status.FAILED_PRECONDITION, http: 422, type: 'invalid_request_error' },
  cancelled: { grpc: status.CANCELLED, http: 499, type: 'invalid_request_error' },
  deadline_exceeded: { grpc: status.DEADLINE_EXCEEDED, http: 504, type: 'server_error' },
  rate_limited: { grpc: status.RESOURCE_EXHAUSTED, http: 429, type: 'rate_limit_error' },
  overloaded: { grpc: status.RESOURCE_EXHAUSTED, http: 503, type: 'server_error' },
  content_blocked: { grpc: status.PERMISSION_DENIED, http: 400, type: 'invalid_request_error' },
  screening_unavailable: { grpc: status.UNAVAILABLE, http: 503, type: 'server_error' },
  model_unavailable: { grpc: status.UNAVAILABLE, http: 503, type: 'server_error' },
  unavailable: { grpc: status.UNAVAILABLE, http: 503, type: 'server_error' },
  storage_full: { grpc: status.RESOURCE_EXHAUSTED, http: 503, type: 'server_error' },
  lease_lost: { grpc: status.ABORTED, http: 409, type: 'invalid_request_error' },
  artifact_missing: { grpc: status.DATA_LOSS, http: 500, type: 'server_error' },
  artifact_corrupt: { grpc: status.DATA_LOSS, http: 500, type: 'server_error' },
  internal: { grpc: status.INTERNAL, http: 500, type: 'server_error' },
};

/** The name of the gRPC status that a code travels as, such as `NOT_FOUND`; `OK` without a code. */
export function grpcStatusName(code: ErrorCode | undefined): string {
  return status[code === undefined ? status.OK : ERROR_CODES[code].grpc];
}

/** True for a code of the table; anything else from a wire is not ours. */
export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

/** The code that stands for a bare gRPC status, from a peer or proxy that sends no code of ours. */
export function codeOfStatus(grpc: status): ErrorCode {
  return BARE_STATUS[grpc] ?? 'internal';
}

const BARE_STATUS: Partial<Record<status, ErrorCode>> = {
  [status.CANCELLED]: 'cancelled',
  [status.INVALID_ARGUMENT]: 'invalid_request',
  [status.DEADLINE_EXCEEDED]: 'deadline_exceeded',
  [status.NOT_FOUND]: 'not_found',
  [status.RESOURCE_EXHAUSTED]: 'overloaded',
  [status.UNAVAILABLE]: 'unavailable',
  // A peer that is starting, or of another version, does not know the method yet: worth another try.
  [status.UNIMPLEMENTED]: 'unavailable',
  [status.UNAUTHENTICATED]: 'unauthenticated',
};
