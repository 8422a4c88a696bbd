import { HttpException } from '@nestjs/common';
import { ERROR_CODES } from '@gpt4video/contracts/error-codes';
import type { z } from 'zod';
import type { verdictObject } from './error.schema.js';
import { toVerdictObject } from './verdict.mapper.js';
import { type DomainError, isDomainError, toDomainError } from '@gpt4video/ports/errors';

/** An error as clients read it. */
export interface ErrorEnvelope {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string; readonly verdict?: z.output<typeof verdictObject> };
}

/** A whole error answer. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorEnvelope;
}

/** The answer for anything thrown while a request was served. */
export function toErrorAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof HttpException) return fromFramework(thrown.getStatus(), thrown.message);
  // Fastify's own errors: a body that cannot be read, a header that is too long.
  const status = thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : 500;
  if (!isDomainError(thrown) && status < 500 && thrown instanceof Error) return fromFramework(status, thrown.message);
  return fromDomain(toDomainError(thrown));
}

/** The envelope alone, for an error in the middle of a stream. */
export function toEnvelope(thrown: unknown): ErrorEnvelope {
  return toErrorAnswer(thrown).body;
}

function fromDomain(error: DomainError): ErrorAnswer {
  const { http, type } = ERROR_CODES[error.code];
  // A prompt that was declined is told in the words of the videos API.
  const code = error.code === 'content_blocked' ? 'moderation_blocked.input' : error.code;
  return { status: http, headers: retryHeaders(http, error.retryAfterMs), body: { error: { message: error.message, type, param: error.param ?? null, code, ...(error.verdict === undefined ? {} : { verdict: toVerdictObject(error.verdict) }) } } };
}

function retryHeaders(status: number, retryAfterMs: number | undefined): Record<string, string> {
  if (status !== 429 && status !== 503) return {};
  const ms = retryAfterMs ?? 1_000;
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))), 'retry-after-ms': String(Math.ceil(ms)) };
}

const FRAMEWORK: Readonly<Record<number, { readonly code: string; readonly say: (message: string) => string }>> = {
  400: { code: 'invalid_request', say: (message) => `The body is not valid JSON, or a part of the request cannot be read (${message}); correct it.` },
  404: { code: 'not_found', say: () => 'There is no such route; GET /v1/models is one that exists.' },
  405: { code: 'method_not_allowed', say: (message) => message },
  413: { code: 'request_too_large', say: () => 'The body is too large; upload videos with POST /v1/files and name them as "file:<id>".' },
  415: { code: 'unsupported_media_type', say: () => 'The content type is not supported; send application/json, or multipart/form-data where files are taken.' },
};

function fromFramework(status: number, message: string): ErrorAnswer {
  const known = FRAMEWORK[status];
  if (known === undefined && status >= 500) return fromDomain(toDomainError(new Error(message)));
  const { code, say } = known ?? { code: 'invalid_request', say: () => message };
  return { status, headers: {}, body: { error: { message: say(message), type: 'invalid_request_error', param: null, code } } };
}
