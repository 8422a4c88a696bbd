import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of work for one request shares. */
export interface RequestContext {
  /** Id that the client sees as `x-request-id`; the fact's id when a fact is handled. */
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and everything that it awaits, for this request. */
export function runInRequest<Result>(context: RequestContext, work: () => Result): Result {
  return storage.run(context, work);
}

/** Id of the request that the current work belongs to, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
