import { join } from 'node:path';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { PgDatabase } from '@gpt4video/adapters/postgres/pg-database';
import { KeyService } from '@gpt4video/gateway/core/tenants/key.service';
import type { KeyRepository } from '@gpt4video/gateway/core/tenants/key-repository';
import type { TenantRepository } from '@gpt4video/gateway/core/tenants/tenant-repository';
import { GatewayDatabase } from '@gpt4video/gateway/storage/gateway-database';
import { migrate } from '@gpt4video/gateway/storage/migrate';
import { PgKeyRepository } from '@gpt4video/gateway/storage/pg-key.repository';
import { PgTenantRepository } from '@gpt4video/gateway/storage/pg-tenant.repository';
import { Quarantine } from '@gpt4video/gateway/storage/quarantine';
import { SystemClock } from '@gpt4video/platform/system-clock';

/** Where tenants, keys and what no attempt could do are. */
export interface TenantStore {
  readonly keys: KeyRepository;
  readonly makeKey: KeyService;
  readonly tenants: TenantRepository;
  readonly quarantine: Quarantine;
  close(): Promise<void>;
}

/** Opens a server's database by its URL, or that of a data folder, beside a running server or without one. */
export async function openTenants(place: { readonly url: string } | { readonly data: string }): Promise<TenantStore> {
  const server = 'url' in place ? undefined : await EmbeddedPostgres.start({ directory: join(place.data, 'postgres') });
  const connection = 'url' in place ? { url: place.url } : server?.connection;
  if (connection === undefined) throw new Error('there is no database to open');
  const pool = new PgDatabase<unknown>(connection, { clock: new SystemClock(), maxConnections: 2 });
  const database = new GatewayDatabase(pool);
  await migrate(database);
  const keys = new PgKeyRepository(database);
  return {
    keys,
    makeKey: new KeyService(keys),
    tenants: new PgTenantRepository(database),
    quarantine: new Quarantine(database),
    close: async () => {
      await pool.close();
      // A running server's database is its own.
      if (server?.adopted === false) await server.stop();
    },
  };
}
