import { type Kysely, sql } from 'kysely';

/** What operators look at every few seconds must not cost a look at every row. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index generations_recent on generations (created_at desc)`.execute(db);
  await sql`create index files_unfinished on files (created_at) where status in ('uploaded', 'processing')`.execute(db);
  await sql`create index inbox_processed on inbox (processed_at)`.execute(db);
}
