import { type Kysely, sql } from 'kysely';

/** How many tokens a tenant may take, where it differs from the rest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column tokens_per_minute integer`.execute(db);
}
