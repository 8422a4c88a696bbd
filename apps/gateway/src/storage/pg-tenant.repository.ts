import { Injectable } from '@nestjs/common';
import type { Tenant } from '../core/tenants/tenant.js';
import { type TenantChange, TenantRepository } from '../core/tenants/tenant-repository.js';
import { GatewayDatabase } from './gateway-database.js';
import { TENANT_COLUMNS, toTenant } from './tenant-row.js';

/** Tenants in Postgres. */
@Injectable()
export class PgTenantRepository extends TenantRepository {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async find(id: string): Promise<Tenant | undefined> {
    const row = await this.database.kysely.selectFrom('tenants').select(TENANT_COLUMNS).where('id', '=', id).executeTakeFirst();
    return row && toTenant(row);
  }

  override async list(): Promise<readonly Tenant[]> {
    return (await this.database.kysely.selectFrom('tenants').select(TENANT_COLUMNS).orderBy('created_at').orderBy('id').execute()).map(toTenant);
  }

  override async add({ id, name }: Pick<Tenant, 'id' | 'name'>): Promise<void> {
    await this.database.kysely.insertInto('tenants').values({ id, name }).execute();
  }

  override async change(id: string, { requestsPerMinute, tokensPerMinute, concurrency, safety }: TenantChange): Promise<boolean> {
    const set = {
      ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
      ...(tokensPerMinute === undefined ? {} : { tokens_per_minute: tokensPerMinute }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(safety === undefined ? {} : { safety: safety === null ? null : JSON.stringify(safety) }),
    };
    if (Object.keys(set).length === 0) return (await this.find(id)) !== undefined;
    return (await this.database.kysely.updateTable('tenants').set(set).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined;
  }
}
