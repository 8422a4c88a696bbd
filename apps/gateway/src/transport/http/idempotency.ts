import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's `Idempotency-Key`, if it has one. Throws `invalid_request` for one that cannot be kept. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new DomainError('invalid_request', 'The Idempotency-Key is not 1 to 255 visible ASCII characters; use a UUID.', { param: 'Idempotency-Key' });
}

/** The key was used with another request. */
export function otherRequest(): DomainError {
  return new DomainError('idempotency_mismatch', 'This Idempotency-Key was used with another request; use a fresh key.');
}

/** The first request with the key has no answer yet. */
export function inFlight(): DomainError {
  return new DomainError('conflict', 'The first request with this Idempotency-Key is still in flight; try again in a moment.');
}

/** Says of the answer that it is the first one again. */
export function markReplayed(reply: FastifyReply): void {
  void reply.header('idempotent-replayed', 'true');
}
