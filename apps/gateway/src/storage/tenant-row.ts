import type { Selectable } from 'kysely';
import type { Tenant } from '../core/tenants/tenant.js';
import type { Schema } from './schema.js';

/** The columns that make a tenant. */
export const TENANT_COLUMNS = ['tenants.id', 'tenants.name', 'tenants.requests_per_minute', 'tenants.tokens_per_minute', 'tenants.concurrency', 'tenants.safety'] as const;

/** A row of `tenants` as the domain knows it. */
export function toTenant(row: Omit<Selectable<Schema['tenants']>, 'created_at'>): Tenant {
  return {
    id: row.id,
    name: row.name,
    ...(row.requests_per_minute === null ? {} : { requestsPerMinute: row.requests_per_minute }),
    ...(row.tokens_per_minute === null ? {} : { tokensPerMinute: row.tokens_per_minute }),
    ...(row.concurrency === null ? {} : { concurrency: row.concurrency }),
    ...(row.safety === null ? {} : { safety: row.safety }),
  };
}
