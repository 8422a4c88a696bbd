import { type Kysely, sql } from 'kysely';

/** What a tenant may, where it differs from the rest; and which film another was made from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenants add column requests_per_minute integer, add column concurrency integer, add column safety jsonb`.execute(db);
  await sql`alter table generations add column remixed_from text`.execute(db);
}
