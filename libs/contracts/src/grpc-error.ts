import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { DomainError, type ErrorCode } from '@gpt4video/ports/errors';
import { codeOfStatus, ERROR_CODES, isErrorCode } from './error-codes.js';

/** Trailer keys of an error. */
export const ERROR_TRAILERS = { code: 'gpt4video-code', param: 'gpt4video-param', category: 'gpt4video-category', retryAfterMs: 'retry-after-ms' } as const;

/** Longest message on the wire, in characters; trailers share one bounded header block. */
const MAX_MESSAGE = 2_000;

/** The gRPC status of an error. The cause stays behind. */
export function toGrpcStatus(error: DomainError): StatusObject {
  const metadata = new Metadata();
  metadata.set(ERROR_TRAILERS.code, error.code);
  if (error.param !== undefined) metadata.set(ERROR_TRAILERS.param, encode(error.param));
  if (error.category !== undefined) metadata.set(ERROR_TRAILERS.category, encode(error.category));
  if (error.retryAfterMs !== undefined) metadata.set(ERROR_TRAILERS.retryAfterMs, String(Math.ceil(error.retryAfterMs)));
  // grpc-js percent-encodes the message with encodeURI, which throws on a lone surrogate.
  return { code: ERROR_CODES[error.code].grpc, details: error.message.slice(0, MAX_MESSAGE).toWellFormed(), metadata };
}

/**
 * The error that a call ended with. A status without our trailers comes from the transport or a proxy: it keeps its
 * meaning, but its text is only the cause, because it may name addresses.
 */
export function fromServiceError(error: ServiceError): DomainError {
  const sent = read(error.metadata, ERROR_TRAILERS.code);
  if (sent === undefined || !isErrorCode(sent)) {
    const code = codeOfStatus(error.code);
    return new DomainError(code, BARE_MESSAGES[code] ?? INTERNAL, { cause: error });
  }
  const retryAfterMs = Number(read(error.metadata, ERROR_TRAILERS.retryAfterMs) ?? Number.NaN);
  const param = decode(read(error.metadata, ERROR_TRAILERS.param));
  const category = decode(read(error.metadata, ERROR_TRAILERS.category));
  return new DomainError(sent, error.details, {
    cause: error,
    ...(param === undefined ? {} : { param }),
    ...(category === undefined ? {} : { category }),
    ...(Number.isFinite(retryAfterMs) ? { retryAfterMs } : {}),
  });
}

/** True for the status that a peer's own code answered with; false for one of the transport, which lost the peer or never met it. */
export function isPeersAnswer(error: unknown): boolean {
  return error instanceof Error && 'metadata' in error && error.metadata instanceof Metadata && read(error.metadata, ERROR_TRAILERS.code) !== undefined;
}

const INTERNAL = 'Something went wrong on our side; try again, and quote the request id if it stays.';

const BARE_MESSAGES: Partial<Record<ErrorCode, string>> = {
  cancelled: 'The request was cancelled.',
  deadline_exceeded: 'The deadline passed; try again later.',
  unavailable: 'A service behind this request does not answer; try again in a moment.',
  overloaded: 'A service behind this request has too much to do; try again in a moment.',
  invalid_request: 'A service behind this request refused it; check the request.',
  not_found: 'What the request names does not exist; check the request.',
  unauthenticated: 'The request was not authenticated; check the key.',
};

// Metadata values are printable ASCII only.
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function decode(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function read(metadata: Metadata | undefined, key: string): string | undefined {
  const value = metadata?.get(key)[0];
  return typeof value === 'string' ? value : undefined;
}
