import { DomainError, toDomainError } from '@gpt4video/ports/errors';
import type { ErrorCode } from '@gpt4video/ports/errors';

/** Main thread → worker. */
export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly request: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** Worker → main thread. `ready` and `refused` answer the start; the others belong to a call. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'event'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

/** A DomainError without its class, which does not survive structured cloning. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param: string | undefined;
  readonly cause: string | undefined;
}

/** Prepares anything thrown for the way to the main thread. */
export function toWireError(thrown: unknown): WireError {
  const { code, message, param, cause } = toDomainError(thrown);
  return { code, message, param, cause: cause instanceof Error ? (cause.stack ?? cause.message) : undefined };
}

/** The error as the caller should see it. */
export function fromWireError({ code, message, param, cause }: WireError): DomainError {
  return new DomainError(code, message, { ...(param === undefined ? {} : { param }), ...(cause === undefined ? {} : { cause }) });
}
