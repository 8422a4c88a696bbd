import { createHash } from 'node:crypto';
import { createLogger } from '@gpt4video/platform/logging';
import { DomainError } from '@gpt4video/ports/errors';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { sql } from 'kysely';
import { PlainEncoder } from '../../test/plain-encoder.js';
import { TestDatabase } from '../../test/test-database.js';
import { pendingStages } from '../core/files/file.js';
import { OrphanCollector } from './orphan-collector.js';
import { OutboxRows } from './outbox-rows.js';
import { OutboxWriter } from './outbox-writer.js';
import { PgFileRepository } from './pg-file.repository.js';
import { RetentionRows } from './retention-rows.js';
import { RetentionSweeper } from './retention-sweeper.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const POLICY = { generationRetentionMs: 30 * DAY_MS, deliveryRetentionMs: 7 * DAY_MS, orphanAgeMs: 2 * DAY_MS };
const film = { caption: 'a ball', negativePrompt: '', seed: 1, steps: 2, guidanceScale: 4, width: 128, height: 128, frames: 16, fps: 8 };
const facts = { container: 'mp4', codec: 'h264', durationMs: 1, fps: 1, width: 1, height: 1, frames: 1 } as never;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('retention', () => {
  let postgres: TestDatabase;
  let store: MemoryObjectStore;
  let storedAtMs: number;
  let files: PgFileRepository;
  let sweeper: RetentionSweeper;
  let collector: OrphanCollector;

  const kysely = () => postgres.database.kysely;
  const put = (key: string) => store.put(key, Buffer.from(key), { mediaType: 'video/mp4' });
  const addFile = async (id: string, expiresAtMs?: number): Promise<void> => {
    const asset = await put(`uploads/${id}`);
    await files.add({ id, tenantId: 'a', filename: 'f', purpose: 'vision', asset, status: 'uploaded', stages: pendingStages(), frames: { facts, stills: [] }, createdAtMs: 1, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) });
  };
  const addFilm = async (id: string, status: 'completed' | 'in_progress', endedAtMs?: number): Promise<void> => {
    const names = ['video.mp4', 'thumbnail.webp', 'spritesheet.jpeg'];
    const [video, thumbnail, spritesheet] = await Promise.all(names.map((name) => put(`films/${id}/1/${name}`)));
    const ended = status === 'completed' ? { result: JSON.stringify({ video, thumbnail, spritesheet, stageMs: {}, bundleRevision: 'r' }), ended_at: new Date(endedAtMs ?? Date.now()) } : { result: null, ended_at: null };
    const lease = status === 'in_progress' ? { lease_token: 't', lease_expires_at: new Date() } : { lease_token: null, lease_expires_at: null };
    await kysely().insertInto('generations').values({ id, tenant_id: 'a', model: 'm', status, progress: 0, priority: 0, film: JSON.stringify(film), traceparent: '', attempt: 1, worker: null, error: null, created_at: new Date(0), started_at: null, ...lease, ...ended }).execute();
  };
  const keys = () => [...store.objects.keys()].toSorted();

  beforeAll(async () => {
    postgres = await TestDatabase.start();
  });
  beforeEach(async () => {
    await postgres.clear();
    storedAtMs = Date.now() - 3 * DAY_MS;
    store = new MemoryObjectStore(() => storedAtMs);
    const outbox = new OutboxWriter(new PlainEncoder());
    files = new PgFileRepository(postgres.database, outbox);
    const rows = new RetentionRows(postgres.database);
    sweeper = new RetentionSweeper(rows, new OutboxRows(postgres.database, outbox), store, POLICY, createLogger({ app: 'test', level: 'silent', format: 'json' }));
    collector = new OrphanCollector(store, rows, POLICY);
  });
  afterAll(() => postgres?.stop());

  it('removes files past their expiry with their bytes, and no other', async () => {
    await addFile('past', Date.now() - 1_000);
    await addFile('later', Date.now() + DAY_MS);
    await addFile('never');
    expect(await sweeper.sweep()).toMatchObject({ files: 1 });
    expect(keys()).toEqual(['uploads/later', 'uploads/never']);
    expect(await files.find('a', 'past')).toBeUndefined();
    expect(await files.find('a', 'later')).toBeDefined();
  });

  it('removes more rows than one statement takes, between sweepers that run at once', async () => {
    await sql`insert into files (id, tenant_id, filename, purpose, asset, sha256, status, status_details, frames, created_at, expires_at)
      select 'f' || n, 'a', 'f', 'vision', json_build_object('key', 'uploads/f' || n), '', 'uploaded', '{}', '{}', now(), now() - interval '1 day' from generate_series(1, 450) n`.execute(kysely());
    const swept = await Promise.all([sweeper.sweep(), sweeper.sweep(), sweeper.sweep()]);
    expect(swept.reduce((sum, each) => sum + each.files, 0)).toBe(450);
  });

  it('passes over rows that another sweeper holds, and does not wait for it', async () => {
    for (const id of ['held', 'free']) await addFile(id, Date.now() - 1_000);
    await kysely().transaction().execute(async (other) => {
      await other.selectFrom('files').select('id').where('id', '=', 'held').forUpdate().execute();
      expect(await sweeper.sweep()).toMatchObject({ files: 1 });
    });
    expect(keys()).toEqual(['uploads/held']);
  }, 10_000);

  it('removes generations that ended long ago with their films, and keeps those that run', async () => {
    await addFilm('old', 'completed', Date.now() - 31 * DAY_MS);
    await addFilm('new', 'completed', Date.now() - DAY_MS);
    await addFilm('running', 'in_progress');
    expect(await sweeper.sweep()).toMatchObject({ filmObjects: 3 });
    expect((await kysely().selectFrom('generations').select('id').orderBy('id').execute()).map(({ id }) => id)).toEqual(['new', 'running']);
    expect(keys().filter((key) => key.startsWith('films/old/'))).toEqual([]);
    expect(keys()).toHaveLength(6);
  });

  it('removes idempotency keys and delivery rows whose time is over, and keeps facts that wait', async () => {
    const key = { tenant_id: 'a', fingerprint: '', status: null, body: null, locked_until: new Date() };
    await kysely().insertInto('idempotency_keys').values([{ ...key, key: 'old', expires_at: new Date(0) }, { ...key, key: 'new', expires_at: new Date(Date.now() + DAY_MS) }]).execute();
    await kysely().insertInto('inbox').values([{ consumer: 'c', event_id: 'old', processed_at: new Date(0) }, { consumer: 'c', event_id: 'new' }]).execute();
    const fact = { topic: 't', key: 'k', traceparent: null, data: Buffer.from([1]), created_at: new Date(0) };
    await kysely().insertInto('outbox').values([{ ...fact, id: 'old', published_at: new Date(0) }, { ...fact, id: 'waiting', published_at: null }]).execute();
    expect(await sweeper.sweep()).toMatchObject({ idempotencyKeys: 1 });
    expect((await kysely().selectFrom('idempotency_keys').select('key').execute()).map((row) => row.key)).toEqual(['new']);
    expect((await kysely().selectFrom('inbox').select('event_id').execute()).map((row) => row.event_id)).toEqual(['new']);
    expect((await kysely().selectFrom('outbox').select('id').execute()).map((row) => row.id)).toEqual(['waiting']);
  });

  it('removes deliveries of webhooks that ended long ago, and keeps those that wait however old they are', async () => {
    await kysely().insertInto('webhooks').values({ id: 'w', tenant_id: 'a', url: 'https://example.com', events: ['video.completed'], secret: 's', status: 'enabled', created_at: new Date(0) }).execute();
    const delivery = { webhook_id: 'w', type: 'video.completed', body: '{}', last_answer: null, next_at: new Date(Date.now() - 8 * DAY_MS) };
    const recent = { next_at: new Date(Date.now() - 6 * DAY_MS) };
    await kysely().insertInto('webhook_deliveries').values([
      { ...delivery, event_id: 'delivered', status: 'delivered' },
      { ...delivery, event_id: 'given-up', status: 'given_up' },
      { ...delivery, event_id: 'waits', status: 'waiting' },
      { ...delivery, event_id: 'lately', status: 'delivered', ...recent },
    ]).execute();
    await sweeper.sweep();
    expect((await kysely().selectFrom('webhook_deliveries').select('event_id').orderBy('event_id').execute()).map((row) => row.event_id)).toEqual(['lately', 'waits']);
  });

  it('collects what no row names, and nothing that one does', async () => {
    await addFile('named');
    await addFilm('done', 'completed');
    await addFilm('running', 'in_progress');
    const kept = [...keys(), `${sha256('uploads/named')}/frames/r/frame-set.json`, 'somebody/elses'];
    await put(`${sha256('uploads/named')}/frames/r/frame-set.json`);
    await put('somebody/elses');
    await put('films/running/2/video.mp4');
    kept.push('films/running/2/video.mp4');
    for (const orphan of ['uploads/gone', 'films/done/2/video.mp4', 'films/gone/1/video.mp4', `${sha256('gone')}/tokens/r/tokens.safetensors`]) await put(orphan);
    expect(await collector.collect()).toBe(4);
    expect(keys()).toEqual(kept.toSorted());
  });

  it('never touches an object that is young: its row may still come', async () => {
    storedAtMs = Date.now() - DAY_MS;
    await put('uploads/young');
    await put('films/young/1/video.mp4');
    expect(await collector.collect()).toBe(0);
    expect(keys()).toEqual(['films/young/1/video.mp4', 'uploads/young']);
  });

  it('finds the bytes whose removal failed after their row was gone', async () => {
    await addFile('past', Date.now() - 1_000);
    const remove = store.delete.bind(store);
    store.delete = () => Promise.reject(new DomainError('unavailable', 'away'));
    expect(await sweeper.sweep()).toMatchObject({ files: 1 });
    store.delete = remove;
    expect(keys()).toEqual(['uploads/past']);
    expect(await collector.collect()).toBe(1);
  });
});
