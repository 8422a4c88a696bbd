import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { full } from '../objects/object-errors.js';
import { errorCode } from '../system/error-code.js';

/** Codes of a server that has no room: MinIO's, its quota's, and those of other servers. */
const FULL: ReadonlySet<string> = new Set(['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded', 'InsufficientStorage', 'InsufficientCapacity']);
/** MinIO calls a disk that fills up during a write an internal error. */
const NO_SPACE = /no space left on device|drive path full|disk quota exceeded/i;
const RETRY_MS = 2_000;

/** The error of a request as the port knows it; a code of S3 that only some requests expect stays as it is. */
export function toStoreError(thrown: unknown): unknown {
  if (isDomainError(thrown)) return thrown;
  const code = errorCode(thrown) ?? '';
  if (code === 'ABORT_ERR') return new DomainError('cancelled', 'The request was cancelled.', { cause: thrown });
  if (isFull(thrown, code)) return full(thrown);
  if (isTransient(thrown)) return new DomainError('unavailable', 'The object store does not answer; try again in a moment.', { cause: thrown, retryAfterMs: RETRY_MS });
  return thrown;
}

/** Errors of sockets and name servers (Node's codes). */
const NETWORK: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_STREAM_PREMATURE_CLOSE']);
/** Answers that ask for another try. */
const BUSY: ReadonlySet<string> = new Set(['SlowDown', 'RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict', 'ServerNotInitialized', 'XMinioServerNotInitialized', 'TooManyRequests', 'SlowDownRead', 'SlowDownWrite']);

/** True when the same request may succeed in a moment. */
export function isTransient(thrown: unknown): boolean {
  const code = errorCode(thrown) ?? '';
  if (isFull(thrown, code)) return false;
  return NETWORK.has(code) || BUSY.has(code) || statusOf(thrown) >= 500;
}

/** True when nothing came for too long. */
export function isSilence(thrown: unknown): boolean {
  return errorCode(thrown) === 'ETIMEDOUT';
}

/** True when the server did not take a write because the key was taken. */
export function isTaken(thrown: unknown): boolean {
  return errorCode(thrown) === 'PreconditionFailed';
}

/** True when what the request names does not exist. */
export function isAbsent(thrown: unknown): boolean {
  return ['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(errorCode(thrown) ?? '');
}

function isFull(thrown: unknown, code: string): boolean {
  return FULL.has(code) || statusOf(thrown) === 507 || (thrown instanceof Error && NO_SPACE.test(thrown.message));
}

function statusOf(thrown: unknown): number {
  return typeof thrown === 'object' && thrown !== null && 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 0;
}
