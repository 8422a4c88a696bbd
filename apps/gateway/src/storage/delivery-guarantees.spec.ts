import { sql } from 'kysely';
import { PlainEncoder } from '../../test/plain-encoder.js';
import { TestDatabase } from '../../test/test-database.js';
import { pendingStages } from '../core/files/file.js';
import type { Generation } from '../core/generations/generation.js';
import { OutboxWriter } from './outbox-writer.js';
import { PgFileRepository } from './pg-file.repository.js';
import { PgGenerationQueue } from './pg-generation-queue.js';
import { PgGenerationRepository } from './pg-generation.repository.js';
import { Quarantine } from './quarantine.js';

const realNow = Date.now;
const DAY_MS = 24 * 60 * 60 * 1_000;
const film = { caption: 'a ball', negativePrompt: '', seed: 1, steps: 2, guidanceScale: 4, width: 128, height: 128, frames: 16, fps: 8 };
const asset = { bucket: 'b', key: 'uploads/f', sha256: 'a'.repeat(64), bytes: 1, mediaType: 'video/mp4' };

describe('what is done once, by whose clock, and what becomes of poison', () => {
  let postgres: TestDatabase;
  let outbox: OutboxWriter;
  let queue: PgGenerationQueue;
  let generations: PgGenerationRepository;

  const add = (id: string, createdAtMs: number, tenantId = 'a'): Promise<unknown> => {
    const generation: Generation = { id, tenantId, model: 'm', status: 'queued', progress: 0, priority: 0, film, attempt: 0, traceparent: '', createdAtMs };
    return generations.add(generation);
  };

  beforeAll(async () => {
    postgres = await TestDatabase.start();
  });
  beforeEach(async () => {
    await postgres.clear();
    outbox = new OutboxWriter(new PlainEncoder());
    queue = new PgGenerationQueue(postgres.database, outbox, { leaseMs: 60_000, maxAttempts: 1 });
    generations = new PgGenerationRepository(postgres.database, outbox);
  });
  afterEach(() => {
    Date.now = realNow;
  });
  afterAll(() => postgres?.stop());

  it('applies a fact once, however many deliver it at the same time, and again only what another consumer makes of it', async () => {
    const files = new PgFileRepository(postgres.database, outbox);
    await files.add({ id: 'f', tenantId: 'a', filename: 'f', purpose: 'vision', asset, status: 'uploaded', stages: pendingStages(), frames: { facts: {} as never, stills: [] }, createdAtMs: 1 });
    const news = { fileId: 'f', changes: { frames: { status: 'done' } } } as const;
    const applied = await Promise.all(Array.from({ length: 8 }, () => files.apply(news, { consumer: 'c', eventId: 'e' })));
    expect(applied.filter(Boolean)).toHaveLength(1);
    expect(await files.apply(news, { consumer: 'other', eventId: 'e' })).toBe(true);
  });

  it('notes a fact only together with its effect', async () => {
    const files = new PgFileRepository(postgres.database, outbox);
    await files.add({ id: 'f', tenantId: 'a', filename: 'f', purpose: 'vision', asset, status: 'uploaded', stages: pendingStages(), frames: { facts: {} as never, stills: [] }, createdAtMs: 1 });
    const cause = { consumer: 'c', eventId: 'e' };
    const impossible = { fileId: 'f', changes: { frames: { status: 'done', message: '\u0000' } } } as const;
    await expect(files.apply(impossible, cause)).rejects.toThrow();
    expect(await files.apply({ fileId: 'f', changes: { frames: { status: 'done' } } }, cause)).toBe(true);
  });

  it.each([-DAY_MS, DAY_MS])('leases and orders by the database\'s clock while this process is %d ms off', async (skewMs) => {
    const truth = Date.now();
    await add('first', truth);
    Date.now = () => truth + skewMs;
    await add('second', truth - DAY_MS);
    const lease = await queue.claim('w');
    expect(lease).toMatchObject({ generationId: 'first' });
    expect(Math.abs((lease?.expiresAtMs ?? 0) - truth - 60_000)).toBeLessThan(30_000);
    expect(await queue.reap()).toBe(0);
    if (lease !== undefined) expect(await queue.heartbeat(lease, 1)).toMatchObject({ stop: false });
  });

  it('shows the operator the generations that no attempt could make, with their reason, and nothing that was refused', async () => {
    await add('poison', 1);
    await add('refused', 2);
    await queue.claim('worker-7');
    await postgres.database.kysely.updateTable('generations').set({ lease_expires_at: new Date(0) }).where('id', '=', 'poison').execute();
    await queue.reap();
    const refused = await queue.claim('w');
    if (refused !== undefined) await queue.fail(refused, { code: 'moderation_blocked.output', message: 'no', retryable: false, category: 'sexual' });
    const { rows } = await sql`select kind, id, tenant_id, attempts, code, worker from quarantine`.execute(postgres.database.kysely);
    expect(rows).toEqual([{ kind: 'generation', id: 'poison', tenant_id: 'a', attempts: 1, code: 'generation_failed', worker: 'worker-7' }]);
    await expect(new Quarantine(postgres.database).release('poison')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets a tenant with one film pass one with many', async () => {
    for (let index = 0; index < 10; index += 1) await add(`many-${index}`, index);
    await add('one', 100, 'b');
    const first = [await queue.claim('w'), await queue.claim('w')].map((lease) => lease?.generationId);
    expect(first).toContain('one');
  });
});
