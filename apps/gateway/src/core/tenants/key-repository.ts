/** A customer of the service: objects of one are invisible to another. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
}

/** Tenants and the digests of their keys. Keys themselves are never stored. */
export abstract class KeyRepository {
  /** The tenant of an active key, by the key's SHA-256 in lower-case hexadecimal. */
  abstract tenantOf(keySha256: string): Promise<Tenant | undefined>;

  /** Stores a key's digest; makes the tenant when there is none of that id. A known digest stays as it is. */
  abstract add(key: NewKey): Promise<void>;
}

/** A key to remember. */
export interface NewKey {
  readonly keySha256: string;
  readonly name: string;
  readonly tenant: Tenant;
}
