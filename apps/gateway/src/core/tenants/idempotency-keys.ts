/** One tenant's key and what it was used with. */
export interface IdempotencySlot {
  readonly tenantId: string;
  readonly key: string;
  /** Digest of method, path and body. */
  readonly fingerprint: string;
}

/** What a key means for a request. */
export type IdempotencyClaim =
  /** First use: do the work, then `settle` or `free`. Every try of one request has the same `once`, from which what it makes is named. */
  | { readonly kind: 'fresh'; readonly once: string }
  /** Done before: answer this. */
  | { readonly kind: 'replay'; readonly body: unknown }
  /** The first use is still in flight. */
  | { readonly kind: 'busy' }
  /** Used with another request. */
  | { readonly kind: 'mismatch' };

/** Keys under which clients repeat requests safely. */
export abstract class IdempotencyKeys {
  /** Milliseconds after which a claim that nobody renewed is free again, as when its process died. */
  abstract readonly lockMs: number;

  /** Claims the key, or tells what became of its first use. */
  abstract claim(slot: IdempotencySlot): Promise<IdempotencyClaim>;

  /** Holds the claim for another `lockMs`. */
  abstract renew(slot: IdempotencySlot): Promise<void>;

  /** Keeps the answer for a day. */
  abstract settle(slot: IdempotencySlot, body: unknown): Promise<void>;

  /** Gives the claim back, so that the request can be repeated. */
  abstract free(slot: IdempotencySlot): Promise<void>;
}
