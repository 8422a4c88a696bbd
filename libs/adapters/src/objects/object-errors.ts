import { DomainError } from '@gpt4video/ports/errors';
import type { ByteRange } from '@gpt4video/ports/object-store';

/** There is no such object. */
export function missing(key: string, cause?: unknown): DomainError {
  return new DomainError('artifact_missing', `There is no object "${key}"; make it again or upload it.`, { cause });
}

/** The bytes are not those of the claim check, or nothing says what they should be. */
export function corrupt(key: string): DomainError {
  return new DomainError('artifact_corrupt', `The object "${key}" does not hold the bytes that were stored; delete it and make it again.`);
}

const RETRY_FULL_MS = 30_000;

/** The store has no room. */
export function full(cause: unknown): DomainError {
  return new DomainError('storage_full', 'The object store is full and keeps nothing more; try again later, or make room.', { cause, retryAfterMs: RETRY_FULL_MS });
}

/** The part of `bytes` that is asked for; all of them without a range. Throws `invalid_request` for a range that starts outside. */
export function rangeWithin(bytes: number, range: ByteRange | undefined): ByteRange {
  const { start, end } = range ?? { start: 0, end: bytes };
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || (range !== undefined && start >= bytes)) {
    throw new DomainError('invalid_request', `The range is outside the object; ask for bytes from 0 to ${bytes} (end exclusive).`, { param: 'range' });
  }
  return { start, end: Math.min(end, bytes) };
}
