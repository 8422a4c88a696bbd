import { Migrator } from 'kysely/migration';
import type { GatewayDatabase } from './gateway-database.js';
import * as tenantsAndFiles from './migrations/0001-tenants-and-files.js';
import * as generations from './migrations/0002-generations.js';
import * as delivery from './migrations/0003-delivery.js';

const MIGRATIONS = {
  '0001-tenants-and-files': tenantsAndFiles,
  '0002-generations': generations,
  '0003-delivery': delivery,
};

/** Brings the tables up to date; many may call it at once, one does the work. Throws the first failing migration's error. */
export async function migrate(database: GatewayDatabase): Promise<void> {
  const migrator = new Migrator({ db: database.kysely, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName ?? 'unknown';
  throw new Error(`Migration "${failed}" failed; the database is as it was before.`, { cause: error });
}
