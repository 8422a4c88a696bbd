import { type Kysely, sql } from 'kysely';

/** Tenants, their keys and their files. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tenants (
      id text primary key,
      name text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table api_keys (
      sha256 text primary key,
      tenant_id text not null references tenants,
      name text not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
  await sql`
    create table files (
      id text primary key,
      tenant_id text not null references tenants,
      filename text not null,
      purpose text not null,
      asset jsonb not null,
      sha256 text not null,
      status text not null check (status in ('uploaded', 'processing', 'processed', 'error')),
      status_details jsonb not null,
      frames jsonb not null,
      verdict jsonb,
      created_at timestamptz not null,
      expires_at timestamptz
    )`.execute(db);
  await sql`create index files_by_tenant on files (tenant_id, created_at, id)`.execute(db);
  await sql`create index files_by_digest on files (tenant_id, sha256)`.execute(db);
}
