import { type Kysely, sql } from 'kysely';

/** Where tenants want to hear of what happened, and what is on its way there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhooks (
      id text primary key,
      tenant_id text not null references tenants,
      url text not null,
      events text[] not null,
      secret text not null,
      status text not null check (status in ('enabled', 'disabled')),
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index webhooks_by_tenant on webhooks (tenant_id, created_at, id)`.execute(db);
  await sql`
    create table webhook_deliveries (
      id bigint generated always as identity primary key,
      webhook_id text not null references webhooks on delete cascade,
      event_id text not null,
      type text not null,
      body jsonb not null,
      attempts integer not null default 0,
      next_at timestamptz not null default now(),
      status text not null default 'waiting' check (status in ('waiting', 'delivered', 'given_up')),
      last_answer text,
      created_at timestamptz not null default now(),
      unique (webhook_id, event_id)
    )`.execute(db);
  await sql`create index webhook_deliveries_due on webhook_deliveries (next_at) where status = 'waiting'`.execute(db);
}
