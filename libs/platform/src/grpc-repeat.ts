import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isPeersAnswer } from '@gpt4video/contracts/grpc-error';
import { type DomainError, isDomainError } from '@gpt4video/ports/errors';
import { orAborted } from './abort.js';

const TRIES = 3;
const FIRST_WAIT_MS = 100;

/** Waits a moment when a call that failed on its nth try may be made again; throws what it failed with when it may not. */
export async function anotherTry(thrown: unknown, attempt: number, { signal, idempotent = false }: { readonly signal: AbortSignal; readonly idempotent?: boolean }): Promise<void> {
  if (!idempotent || attempt === TRIES || signal.aborted || !isDomainError(thrown) || !serverIsGone(thrown)) throw thrown;
  const waitMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
  await orAborted(delay(randomInt(waitMs, 2 * waitMs)), signal);
}

/**
 * The server was lost, or it leaves and says so with a pause of 0. Whoever answers `unavailable` otherwise is there and has tried itself:
 * repeats at every hop would multiply.
 */
function serverIsGone({ code, retryAfterMs, cause }: DomainError): boolean {
  return code === 'unavailable' && (retryAfterMs === 0 || !isPeersAnswer(cause));
}
