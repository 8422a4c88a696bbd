import { ApiError } from './api-error';

/** Attempts after which a request that meets no answer is given up; with the waits below, about two minutes. */
const MOST_ATTEMPTS = 20;
const LONGEST_MS = 8_000;
/** Asked for again so soon while the first request with its key is in flight. */
const IN_FLIGHT_MS = 700;
/** A server that wants more patience than this has a person decide. */
const LONGEST_RETRY_AFTER_MS = 10_000;
const MOST_REFUSALS = 3;

/** Milliseconds after which a request with an Idempotency-Key is sent again; undefined when a person must decide. `attempt` counts from 0. */
export function waitBeforeRetry(thrown: unknown, attempt: number): number | undefined {
  if (attempt >= MOST_ATTEMPTS) return undefined;
  if (!(thrown instanceof ApiError)) return Math.min(500 * 2 ** attempt, LONGEST_MS);
  if (thrown.status === 409) return IN_FLIGHT_MS;
  const busy = thrown.status === 429 || thrown.status === 503;
  if (!busy || attempt >= MOST_REFUSALS || (thrown.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return undefined;
  return thrown.retryAfterMs ?? 1_000;
}

/** Waits, but no longer than until the network is back. Rejects when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      signal.removeEventListener('abort', leave);
      settle();
    };
    const wake = end(resolve);
    const leave = end(() => reject(signal.reason as Error));
    const timer = setTimeout(wake, ms);
    addEventListener('online', wake);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
  });
}
