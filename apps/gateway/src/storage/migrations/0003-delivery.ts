import { type Kysely, sql } from 'kysely';

/** Facts on their way out and in, and answers to be repeated. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      sequence bigint generated always as identity primary key,
      id text not null unique,
      topic text not null,
      key text not null,
      traceparent text,
      data bytea not null,
      created_at timestamptz not null default now(),
      claimed_until timestamptz not null default '-infinity',
      attempts integer not null default 0,
      published_at timestamptz
    )`.execute(db);
  await sql`create index outbox_waiting on outbox (topic, key, sequence) where published_at is null`.execute(db);
  await sql`create index outbox_published on outbox (published_at) where published_at is not null`.execute(db);
  await sql`
    create table inbox (
      consumer text not null,
      event_id text not null,
      processed_at timestamptz not null default now(),
      primary key (consumer, event_id)
    )`.execute(db);
  await sql`
    create table idempotency_keys (
      tenant_id text not null references tenants,
      key text not null,
      fingerprint text not null,
      status integer,
      body jsonb,
      locked_until timestamptz not null,
      expires_at timestamptz not null,
      primary key (tenant_id, key)
    )`.execute(db);
}
