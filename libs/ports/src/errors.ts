/** How loudly the edge logs an error that carries this code. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Every stable code of the project. `libs/contracts/src/error-codes.ts` maps each to gRPC and HTTP. */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_video'
  | 'video_too_large'
  | 'video_too_long'
  | 'unsupported_media'
  | 'context_length_exceeded'
  | 'unauthenticated'
  | 'not_found'
  | 'model_not_found'
  | 'conflict'
  | 'idempotency_mismatch'
  | 'cancelled'
  | 'deadline_exceeded'
  | 'rate_limited'
  | 'overloaded'
  | 'content_blocked'
  | 'screening_unavailable'
  | 'model_unavailable'
  | 'unavailable'
  | 'storage_full'
  | 'lease_lost'
  | 'artifact_missing'
  | 'artifact_corrupt'
  | 'internal';

/** The verdict that declined something. */
export interface BlockingVerdict {
  /** Policy category. */
  readonly category: string;
  /** 0 to 1. */
  readonly score: number;
  /** Lowest refused score. */
  readonly threshold: number;
  /** Where the content stood: input, output, caption or film. */
  readonly stage: string;
  readonly policyVersion: string;
}

/** Extra facts about an error; never content, keys or paths. */
export interface ErrorContext {
  /** Offending field of the request, as `messages[0].content`. */
  readonly param?: string;
  /** Milliseconds after which a retry makes sense. */
  readonly retryAfterMs?: number;
  /** Policy category, for `content_blocked`. */
  readonly category?: string;
  /** What decided, for `content_blocked`, within one process. */
  readonly verdict?: BlockingVerdict;
  /** Logged, never sent. */
  readonly cause?: unknown;
}

/**
 * An expected failure. The message is for the caller: what, which one, and what to do.
 * Identify errors by `code`, not by `instanceof` across packages.
 */
export class DomainError extends Error {
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly category: string | undefined;
  readonly verdict: BlockingVerdict | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    context: ErrorContext = {},
  ) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'DomainError';
    this.param = context.param;
    this.retryAfterMs = context.retryAfterMs;
    this.category = context.category ?? context.verdict?.category;
    this.verdict = context.verdict;
  }

  /** Unexpected faults are errors, refused requests are information. */
  get logLevel(): LogLevel {
    if (ERRORS.has(this.code)) return 'error';
    if (WARNINGS.has(this.code)) return 'warn';
    return 'info';
  }
}

const ERRORS: ReadonlySet<ErrorCode> = new Set(['internal', 'artifact_corrupt', 'storage_full']);
const WARNINGS: ReadonlySet<ErrorCode> = new Set([
  'overloaded',
  'screening_unavailable',
  'model_unavailable',
  'unavailable',
  'lease_lost',
  'artifact_missing',
  'deadline_exceeded',
]);

/**
 * Turns anything thrown into a coded error: an abort becomes `cancelled`, a timeout `deadline_exceeded`,
 * the rest `internal` with a message that gives nothing away.
 */
export function toDomainError(thrown: unknown): DomainError {
  if (isDomainError(thrown)) return thrown;
  if (isNamed(thrown, 'AbortError')) return new DomainError('cancelled', 'The request was cancelled.', { cause: thrown });
  if (isNamed(thrown, 'TimeoutError')) return new DomainError('deadline_exceeded', 'The deadline passed; try again later.', { cause: thrown });
  return new DomainError('internal', 'Something went wrong on our side; try again, and quote the request id if it stays.', { cause: thrown });
}

/** True for a DomainError of any copy of this package. */
export function isDomainError(thrown: unknown): thrown is DomainError {
  return isNamed(thrown, 'DomainError') && 'code' in thrown;
}

// By shape, because an error of another realm (a worker, a test's sandbox) is no instance of this realm's Error.
function isNamed(thrown: unknown, name: string): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === name;
}
