import type { Tenant, TenantSafety } from './tenant.js';

/** What of a tenant changes; null goes back to the server's default. */
export interface TenantChange {
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly concurrency?: number | null;
  readonly safety?: TenantSafety | null;
}

/** The customers of the service. */
export abstract class TenantRepository {
  abstract find(id: string): Promise<Tenant | undefined>;

  /** The oldest first. */
  abstract list(): Promise<readonly Tenant[]>;

  abstract add(tenant: Pick<Tenant, 'id' | 'name'>): Promise<void>;

  /** False when there is no such tenant. */
  abstract change(id: string, change: TenantChange): Promise<boolean>;
}
