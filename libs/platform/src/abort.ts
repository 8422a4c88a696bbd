import { DomainError, isDomainError, toDomainError } from '@gpt4video/ports/errors';

/** The coded reason of an aborted signal: what it was aborted with, or `cancelled`. */
export function abortReason(signal: AbortSignal): DomainError {
  const reason: unknown = signal.reason;
  if (isDomainError(reason)) return reason;
  const coded = toDomainError(reason);
  return coded.code === 'deadline_exceeded' ? coded : new DomainError('cancelled', 'The request was cancelled.', { cause: reason });
}

/** Settles with `work`, or rejects with the signal's reason as soon as it fires; the work itself is not stopped. */
export async function orAborted<Result>(work: PromiseLike<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw abortReason(signal);
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
