/** Thresholds of a tenant's own, where they differ from the policy's. */
export interface TenantSafety {
  /** enforce: they decide; shadow: what they would decide is counted, and the policy decides. */
  readonly mode: 'enforce' | 'shadow';
  /** Score from which a text is refused, by category, 0 to 1. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A customer of the service: objects of one are invisible to another. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** Requests in a minute; the server's default when absent. */
  readonly requestsPerMinute?: number;
  /** Chat turns at once; the server's default when absent. */
  readonly concurrency?: number;
  readonly safety?: TenantSafety;
}
