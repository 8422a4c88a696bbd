import type { Tenant } from './tenant.js';

/** Tenants and the digests of their keys. Keys themselves are never stored. */
export abstract class KeyRepository {
  /** The tenant of an active key, by the key's SHA-256 in lower-case hexadecimal. */
  abstract tenantOf(keySha256: string): Promise<Tenant | undefined>;

  /** Stores a key's digest; makes the tenant when there is none of that id. A known digest stays as it is. */
  abstract add(key: NewKey): Promise<void>;

  /** The tenant's keys, the oldest first. */
  abstract list(tenantId: string): Promise<readonly KeyFacts[]>;

  /** Ends a key for good, by its id; false when there is none. */
  abstract revoke(keyId: string): Promise<boolean>;
}

/** What may be told of a key. */
export interface KeyFacts {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly revoked: boolean;
}

/** A key to remember. */
export interface NewKey {
  readonly keySha256: string;
  readonly name: string;
  readonly tenant: Tenant;
}
