import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyReply } from 'fastify';

/** Fires when the client leaves before the answer is complete. */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort(new DomainError('cancelled', 'The client left before the answer was complete.'));
  });
  return left.signal;
}
