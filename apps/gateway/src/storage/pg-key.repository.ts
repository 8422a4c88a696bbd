import { Injectable } from '@nestjs/common';
import { KeyRepository, type NewKey, type Tenant } from '../core/tenants/key-repository.js';
import { GatewayDatabase } from './gateway-database.js';

/** Keys' digests in Postgres. */
@Injectable()
export class PgKeyRepository extends KeyRepository {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override tenantOf(keySha256: string): Promise<Tenant | undefined> {
    return this.database.kysely
      .selectFrom('api_keys')
      .innerJoin('tenants', 'tenants.id', 'api_keys.tenant_id')
      .select(['tenants.id', 'tenants.name'])
      .where('api_keys.sha256', '=', keySha256)
      .where('api_keys.revoked_at', 'is', null)
      .executeTakeFirst();
  }

  override async add({ keySha256, name, tenant }: NewKey): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.insertInto('tenants').values(tenant).onConflict((conflict) => conflict.doNothing()).execute();
      await tx
        .insertInto('api_keys')
        .values({ sha256: keySha256, name, tenant_id: tenant.id, revoked_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }
}
