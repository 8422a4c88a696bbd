import { type Kysely, sql } from 'kysely';

/** The generation queue and what happened in it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table generations (
      id text primary key,
      tenant_id text not null references tenants,
      model text not null,
      status text not null check (status in ('queued', 'in_progress', 'completed', 'failed', 'cancelled')),
      progress integer not null check (progress between 0 and 100),
      priority integer not null,
      film jsonb not null,
      traceparent text not null,
      attempt integer not null,
      lease_token text,
      lease_expires_at timestamptz,
      worker text,
      not_before timestamptz not null default now(),
      event_sequence integer not null default 0,
      result jsonb,
      error jsonb,
      created_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz,
      check (status <> 'in_progress' or (lease_token is not null and lease_expires_at is not null)),
      check ((status = 'completed') = (result is not null)),
      check ((ended_at is not null) = (status in ('completed', 'failed', 'cancelled')))
    )`.execute(db);
  await sql`create index generations_waiting on generations (priority desc, created_at) where status in ('queued', 'in_progress')`.execute(db);
  await sql`create index generations_by_tenant on generations (tenant_id, created_at, id)`.execute(db);
  await sql`
    create table generation_events (
      generation_id text not null references generations on delete cascade,
      sequence integer not null,
      type text not null,
      progress integer not null,
      created_at timestamptz not null default now(),
      primary key (generation_id, sequence)
    )`.execute(db);
}
