import { isDomainError } from '@gpt4video/ports/errors';

/** An error as a log line holds it. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * What of an error is logged: its type, code, message, stack and causes, and no other property, since drivers hang the
 * offending values there. An error that tells a client of a mistake of theirs keeps its code only: its message quotes them.
 */
export function loggedError(thrown: unknown): LoggedError {
  if (!isErrorLike(thrown)) return { type: typeof thrown };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {};
  if (isDomainError(thrown) && thrown.logLevel === 'info') return { type: thrown.name, ...code };
  const cause = thrown.cause === undefined ? {} : { cause: loggedError(thrown.cause) };
  return { type: thrown.name, ...code, message: thrown.message, ...(thrown.stack === undefined ? {} : { stack: thrown.stack }), ...cause };
}

// By shape, because an error of another realm is no instance of this realm's Error.
function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'name' in thrown;
}
