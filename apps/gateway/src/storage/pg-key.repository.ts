import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type KeyFacts, KeyRepository, type NewKey } from '../core/tenants/key-repository.js';
import type { Tenant } from '../core/tenants/tenant.js';
import { GatewayDatabase } from './gateway-database.js';
import { TENANT_COLUMNS, toTenant } from './tenant-row.js';

/** Keys in Postgres, as digests. */
@Injectable()
export class PgKeyRepository extends KeyRepository {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async tenantOf(keySha256: string): Promise<Tenant | undefined> {
    const row = await this.database.kysely
      .selectFrom('api_keys')
      .innerJoin('tenants', 'tenants.id', 'api_keys.tenant_id')
      .select(TENANT_COLUMNS)
      .where('api_keys.sha256', '=', keySha256)
      .where('api_keys.revoked_at', 'is', null)
      .executeTakeFirst();
    return row && toTenant(row);
  }

  override async add({ keySha256, name, tenant }: NewKey): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.insertInto('tenants').values({ id: tenant.id, name: tenant.name }).onConflict((conflict) => conflict.doNothing()).execute();
      await tx
        .insertInto('api_keys')
        .values({ sha256: keySha256, name, tenant_id: tenant.id, revoked_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  override async list(tenantId: string): Promise<readonly KeyFacts[]> {
    const rows = await this.database.kysely.selectFrom('api_keys').selectAll().where('tenant_id', '=', tenantId).orderBy('created_at').execute();
    return rows.map(({ sha256, name, created_at, revoked_at }) => ({ id: idOfKey(sha256), name, createdAtMs: created_at.getTime(), revoked: revoked_at !== null }));
  }

  override async revoke(keyId: string): Promise<boolean> {
    const revoked = await this.database.kysely
      .updateTable('api_keys')
      .set({ revoked_at: sql<Date>`coalesce(revoked_at, clock_timestamp())` })
      .where(sql<boolean>`'key_' || left(sha256, 16) = ${keyId}`)
      .returning('sha256')
      .execute();
    return revoked.length > 0;
  }
}

/** What a key is called where it is listed and revoked: it says nothing of the key. */
function idOfKey(sha256: string): string {
  return `key_${sha256.slice(0, 16)}`;
}
