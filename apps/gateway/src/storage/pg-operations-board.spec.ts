import { sql } from 'kysely';
import { PlainEncoder } from '../../test/plain-encoder.js';
import { TestDatabase } from '../../test/test-database.js';
import type { DeliveryEnd } from '../core/webhooks/webhook-repository.js';
import { OutboxRows } from './outbox-rows.js';
import { OutboxWriter } from './outbox-writer.js';
import { PgGenerationQueue } from './pg-generation-queue.js';
import { PgOperationsBoard } from './pg-operations-board.js';
import { PgWebhookRepository } from './pg-webhook.repository.js';

const OLD = 5_000;

describe('the board of operators, from rows', () => {
  let postgres: TestDatabase;
  let board: PgOperationsBoard;
  let webhooks: PgWebhookRepository;

  beforeAll(async () => void (postgres = await TestDatabase.start()));
  beforeEach(async () => {
    await postgres.clear();
    const outbox = new OutboxWriter(new PlainEncoder());
    board = new PgOperationsBoard(postgres.database, new PgGenerationQueue(postgres.database, outbox, { leaseMs: 60_000, maxAttempts: 1 }), new OutboxRows(postgres.database, outbox));
    webhooks = new PgWebhookRepository(postgres.database);
    await webhooks.add({ id: 'wh', tenantId: 'a', url: 'https://example.com', events: ['video.completed'], secret: 's', status: 'enabled', createdAtMs: 1 });
  });
  afterAll(() => postgres?.stop());

  const stage = async () => (await board.stages()).find(({ name }) => name === 'webhooks');
  const attempt = async (eventId: string, end: DeliveryEnd): Promise<void> => {
    await webhooks.announce({ tenantId: 'a', eventId, type: 'video.completed', objectId: 'video' });
    for (const delivery of await webhooks.claim(8, 60_000)) await webhooks.settle(delivery, end, '200');
  };

  it('counts events that reached their receivers in the last five minutes, by the clock of the database, and no others', async () => {
    await attempt('later', { kind: 'again', afterMs: 60_000 });
    await attempt('never', { kind: 'given_up' });
    expect(await stage()).toMatchObject({ waiting: 1, perMinute: 0 });
    await attempt('first', { kind: 'delivered' });
    await attempt('second', { kind: 'delivered' });
    expect(await stage()).toMatchObject({ waiting: 1, perMinute: 0.4 });
    await sql`update webhook_deliveries set delivered_at = delivered_at - interval '6 minutes' where event_id = 'first'`.execute(postgres.database.kysely);
    expect(await stage()).toMatchObject({ waiting: 1, perMinute: 0.2 });
  });

  it('does not look at every row that is done', async () => {
    const { kysely } = postgres.database;
    await sql`
      insert into webhook_deliveries (webhook_id, event_id, type, body, status, delivered_at)
      select 'wh', 'old' || n, 'video.completed', '{}', 'delivered', now() - interval '1 day' from generate_series(1, ${OLD}) n`.execute(kysely);
    await sql`insert into outbox (id, topic, key, data, published_at) select 'old' || n, 't', 'k', '', now() - interval '1 day' from generate_series(1, ${OLD}) n`.execute(kysely);
    await sql`insert into inbox (consumer, event_id, processed_at) select 'gateway:frames.extracted', 'old' || n, now() - interval '1 day' from generate_series(1, ${OLD}) n`.execute(kysely);
    await sql`analyze webhook_deliveries, outbox, inbox`.execute(kysely);
    const before = await rowsRead();
    await board.stages();
    expect((await rowsRead()) - before).toBeLessThan(OLD / 10);
  });

  /** Rows of these tables that any statement has read until now; sessions report when they have nothing to do. */
  async function rowsRead(): Promise<number> {
    const { kysely } = postgres.database;
    await Promise.all(Array.from({ length: 20 }, () => sql`select pg_stat_force_next_flush(), pg_sleep(0.1)`.execute(kysely)));
    const { rows } = await sql<{ read: string }>`
      select (select sum(seq_tup_read) from pg_stat_user_tables where relname in ('webhook_deliveries', 'outbox', 'inbox'))
           + (select sum(idx_tup_read) from pg_stat_user_indexes where relname in ('webhook_deliveries', 'outbox', 'inbox')) as read`.execute(kysely);
    return Number(rows[0]?.read);
  }
});
