import { type Kysely, sql } from 'kysely';

/** When a delivery reached its receiver: operators ask how many did in the last minutes, and must not cost a look at every row. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table webhook_deliveries add column delivered_at timestamptz`.execute(db);
  await sql`create index webhook_deliveries_delivered on webhook_deliveries (delivered_at) where delivered_at is not null`.execute(db);
}
