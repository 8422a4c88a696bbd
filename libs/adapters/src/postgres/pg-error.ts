import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { errorCode } from '../system/error-code.js';

/** The connection is gone, so an open transaction on it is rolled back, unless its commit was on the way. */
export class ConnectionLost extends DomainError {
  constructor(
    cause: unknown,
    /** True when a statement was on the way, whose outcome nobody knows. */
    readonly sent: boolean,
  ) {
    super('unavailable', 'The database does not answer; try again in a moment.', { cause, retryAfterMs: 2_000 });
  }
}

/** Errors of sockets and name servers, and what a server says that ends, starts, or has become a standby (PostgreSQL, Appendix A). */
const LOST: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', '57P01', '57P02', '57P03', '25006']);
/** What `pg` says without a code. */
const LOST_WORDS = /^Connection terminated/;
const UNSENT_WORDS = /^Client (has encountered a connection error|was closed)/;
/** serialization_failure and deadlock_detected. */
const COLLIDED: ReadonlySet<string> = new Set(['40001', '40P01']);

const message = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : '');

/** The error of a connection or statement as the ports know it; what only the caller can judge, such as a broken constraint, stays as it is. */
export function toDatabaseError(thrown: unknown): unknown {
  if (isDomainError(thrown)) return thrown;
  const code = errorCode(thrown) ?? '';
  if (LOST.has(code) || code.startsWith('08') || LOST_WORDS.test(message(thrown))) return new ConnectionLost(thrown, true);
  if (UNSENT_WORDS.test(message(thrown))) return new ConnectionLost(thrown, false);
  if (code === '53300' || message(thrown) === 'timeout exceeded when trying to connect') return busy('The database has no connection free; try again in a moment.', thrown);
  if (code === '53100') return new DomainError('storage_full', 'The disk of the database is full; try again later, or make room.', { cause: thrown, retryAfterMs: 30_000 });
  if (code === '57014' || code === '25P03' || message(thrown) === 'Query read timeout') return new DomainError('deadline_exceeded', 'The database took too long; try again later.', { cause: thrown });
  return thrown;
}

/** True when the server asks for the transaction to be tried again; it has rolled it back. */
export function isCollision(thrown: unknown): boolean {
  return COLLIDED.has(errorCode(thrown) ?? '');
}

/** A collision that further attempts did not solve. */
export function collided(thrown: unknown): DomainError {
  return busy('Too many changes were made to the same rows at once; try again in a moment.', thrown);
}

/** True when the connection can serve no further statement. */
export function endsConnection(thrown: unknown): boolean {
  // The server sends a refusal of one statement with this severity; everything else is the end.
  return !(typeof thrown === 'object' && thrown !== null && 'severity' in thrown && thrown.severity === 'ERROR');
}

function busy(text: string, cause: unknown): DomainError {
  return new DomainError('overloaded', text, { cause, retryAfterMs: 1_000 });
}
