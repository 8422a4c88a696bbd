import { type Kysely, sql } from 'kysely';

/** Files that arrive in parts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table uploads (
      id text primary key,
      tenant_id text not null references tenants,
      filename text not null,
      purpose text not null,
      media_type text not null,
      bytes bigint not null,
      expires_after_seconds integer,
      status text not null check (status in ('pending', 'completed', 'cancelled', 'expired')),
      file_id text,
      locked_until timestamptz not null default '-infinity',
      created_at timestamptz not null,
      expires_at timestamptz not null
    )`.execute(db);
  await sql`create index uploads_pending on uploads (expires_at) where status = 'pending'`.execute(db);
  await sql`
    create table upload_parts (
      id text primary key,
      upload_id text not null references uploads on delete cascade,
      asset jsonb not null,
      created_at timestamptz not null
    )`.execute(db);
  await sql`create index upload_parts_by_upload on upload_parts (upload_id)`.execute(db);
}
