import type { Migration } from 'kysely/migration';
import { Migrator } from 'kysely/migration';
import type { GatewayDatabase } from './gateway-database.js';
import { up as tenantsAndFiles } from './migrations/0001-tenants-and-files.js';
import { up as generations } from './migrations/0002-generations.js';
import { up as delivery } from './migrations/0003-delivery.js';
import { up as uploads } from './migrations/0010-uploads.js';
import { up as tenantLimits } from './migrations/0011-tenant-limits.js';
import { up as webhooks } from './migrations/0012-webhooks.js';
import { up as retention } from './migrations/0020-retention.js';
import { up as tenantTokens } from './migrations/0021-tenant-tokens.js';
import { up as operations } from './migrations/0030-operations.js';
import { up as webhookRate } from './migrations/0031-webhook-rate.js';

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-tenants-and-files': { up: tenantsAndFiles },
  '0002-generations': { up: generations },
  '0003-delivery': { up: delivery },
  '0010-uploads': { up: uploads },
  '0011-tenant-limits': { up: tenantLimits },
  '0012-webhooks': { up: webhooks },
  '0020-retention': { up: retention },
  '0021-tenant-tokens': { up: tenantTokens },
  '0030-operations': { up: operations },
  '0031-webhook-rate': { up: webhookRate },
};

/** Brings the tables up to date and returns the migrations that lacked; many may call it at once, one does the work. Throws naming the first migration that failed. */
export async function migrate(database: GatewayDatabase): Promise<readonly string[]> {
  const migrator = new Migrator({ db: database.kysely, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName);
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  // None was begun: the database itself is the matter.
  if (failed === undefined) throw error;
  throw new Error(`Migration "${failed}" failed; the database is as it was before.`, { cause: error });
}
