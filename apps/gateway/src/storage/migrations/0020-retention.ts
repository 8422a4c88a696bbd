import { type Kysely, sql } from 'kysely';

/** What the sweeper looks for, the queue's order by the database's own clock, and a place for what no attempt can do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table generations add column enqueued_at timestamptz not null default clock_timestamp()`.execute(db);
  await sql`create index generations_ended on generations (ended_at) where ended_at is not null`.execute(db);
  await sql`create index files_expiring on files (expires_at) where expires_at is not null`.execute(db);
  await sql`create index files_by_bytes on files (sha256)`.execute(db);
  await sql`create index files_by_object on files ((asset->>'key'))`.execute(db);
  await sql`create index idempotency_keys_expiring on idempotency_keys (expires_at)`.execute(db);
  await sql`alter table outbox add column quarantined_at timestamptz, add column reason text`.execute(db);
  await sql`create index outbox_quarantined on outbox (quarantined_at) where quarantined_at is not null`.execute(db);
  await sql`
    create view quarantine as
      select 'generation' as kind, id, tenant_id, attempt as attempts, error->>'code' as code, error->>'message' as reason, worker, ended_at as since
      from generations where status = 'failed' and (error->>'retryable')::boolean
      union all
      select 'fact', id, null, attempts, topic, reason, null, quarantined_at from outbox where quarantined_at is not null`.execute(db);
}
