import { PlainEncoder } from '../../test/plain-encoder.js';
import { TestDatabase } from '../../test/test-database.js';
import { newId } from '../core/new-id.js';
import type { Generation, GenerationResult } from '../core/generations/generation.js';
import type { Lease } from '../core/generations/generation-queue.js';
import { OutboxWriter } from './outbox-writer.js';
import { PgGenerationQueue } from './pg-generation-queue.js';
import { PgGenerationRepository } from './pg-generation.repository.js';

const asset = (key: string) => ({ bucket: 'b', key, sha256: 'a'.repeat(64), bytes: 1, mediaType: 'video/mp4' });
const result = (key = 'film'): GenerationResult => ({ video: asset(key), thumbnail: asset(`${key}-t`), spritesheet: asset(`${key}-s`), stageMs: { denoise: 5 }, bundleRevision: 'r' });
const failure = (retryable: boolean) => ({ code: 'generation_failed', message: 'no', retryable, category: '' });
const film = { caption: 'a ball', negativePrompt: '', seed: 1, steps: 2, guidanceScale: 4, width: 128, height: 128, frames: 16, fps: 8 };

describe('the generation queue', () => {
  let postgres: TestDatabase;
  let queue: PgGenerationQueue;
  let generations: PgGenerationRepository;
  let madeMs = 1_000;

  const setUp = (leaseMs = 60_000): void => {
    const outbox = new OutboxWriter(new PlainEncoder());
    queue = new PgGenerationQueue(postgres.database, outbox, { leaseMs, maxAttempts: 3 });
    generations = new PgGenerationRepository(postgres.database, outbox);
  };
  const add = async (tenantId = 'a', priority = 0): Promise<string> => {
    const generation: Generation = { id: newId('video'), tenantId, model: 'm', status: 'queued', progress: 0, priority, film, attempt: 0, traceparent: '', createdAtMs: (madeMs += 1) };
    await generations.add(generation);
    return generation.id;
  };
  const claimed = async (): Promise<Lease> => {
    const lease = await queue.claim('w');
    if (lease === undefined) throw new Error('nothing to claim');
    return lease;
  };
  const expireLeases = () => postgres.database.kysely.updateTable('generations').set({ lease_expires_at: new Date(0) }).where('status', '=', 'in_progress').execute();
  const skipDelays = () => postgres.database.kysely.updateTable('generations').set({ not_before: new Date(0) }).execute();
  const stateOf = async (id: string) => (await generations.find('a', id)) ?? (await generations.find('b', id));
  const factsOf = async (topic: string) => (await postgres.database.kysely.selectFrom('outbox').select('id').where('topic', '=', topic).execute()).length;

  beforeAll(async () => {
    postgres = await TestDatabase.start();
  });
  beforeEach(async () => {
    await postgres.clear();
    setUp();
  });
  afterAll(() => postgres?.stop());

  it('never leases one generation to two workers', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => add()));
    const leases = await Promise.all(Array.from({ length: 40 }, (_, worker) => queue.claim(`w${worker}`)));
    const got = leases.flatMap((lease) => (lease === undefined ? [] : [lease.generationId]));
    expect(new Set(got).size).toBe(got.length);
    // A claim that met only locked rows answers with nothing; nobody is left out when workers ask again.
    for (let lease = await queue.claim('w'); lease !== undefined; lease = await queue.claim('w')) got.push(lease.generationId);
    expect(got.toSorted()).toEqual(ids.toSorted());
  });

  it('prefers priority, then the tenant with least running, then the oldest', async () => {
    const [a1, a2, b1, urgent] = [await add('a'), await add('a'), await add('b'), await add('a', 5)];
    const order = [await claimed(), await claimed(), await claimed(), await claimed()].map(({ generationId }) => generationId);
    expect(order).toEqual([urgent, b1, a1, a2]);
  });

  it('gives a lease that ran out to another worker and refuses the first', async () => {
    const id = await add();
    const first = await claimed();
    await queue.heartbeat(first, 40);
    await expireLeases();
    const second = await claimed();
    expect(second).toMatchObject({ generationId: id, attempt: 2 });
    expect((await queue.heartbeat(first, 50)).stop).toBe(true);
    await expect(queue.complete(first, result())).rejects.toMatchObject({ code: 'lease_lost' });
    await queue.complete(second, result());
    expect(await stateOf(id)).toMatchObject({ status: 'completed', progress: 100, attempt: 2 });
  });

  it('fails a generation whose workers were lost three times', async () => {
    const id = await add();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect((await claimed()).attempt).toBe(attempt);
      await expireLeases();
      if (attempt < 3) expect(await queue.reap()).toBe(1);
      await skipDelays();
    }
    expect(await queue.claim('w')).toBeUndefined();
    expect(await queue.reap()).toBe(1);
    expect(await stateOf(id)).toMatchObject({ status: 'failed', error: { code: 'generation_failed' } });
    expect(await factsOf('generation.finished')).toBe(1);
  });

  it('tries a retryable failure again after a pause, and not for ever', async () => {
    const id = await add();
    await queue.fail(await claimed(), failure(true));
    expect(await stateOf(id)).toMatchObject({ status: 'queued', attempt: 1 });
    expect(await queue.claim('w')).toBeUndefined();
    for (const _ of [2, 3]) {
      await skipDelays();
      await queue.fail(await claimed(), failure(true));
    }
    expect(await stateOf(id)).toMatchObject({ status: 'failed' });
  });

  it('fails at once when another attempt cannot help', async () => {
    const id = await add();
    await queue.fail(await claimed(), { code: 'moderation_blocked.output', message: 'no', retryable: false, category: 'sexual' });
    expect(await stateOf(id)).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked.output', category: 'sexual' } });
  });

  it('never lets progress fall, and keeps 100 for a stored film', async () => {
    const id = await add();
    const lease = await claimed();
    for (const [said, known] of [[30, 30], [10, 30], [500, 99]] as const) {
      await queue.heartbeat(lease, said);
      expect((await stateOf(id))?.progress).toBe(known);
    }
    const events = await generations.eventsAfter(id, 0);
    expect(events.map(({ type, progress }) => [type, progress])).toEqual([['queued', 0], ['in_progress', 0], ['progress', 30], ['progress', 99]]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(await generations.eventsAfter(id, 3)).toHaveLength(1);
  });

  it('hands a released generation on without counting the attempt', async () => {
    await add();
    await queue.release(await claimed());
    expect((await claimed()).attempt).toBe(1);
  });

  it.each(['queued', 'in_progress'] as const)('cancels what is %s, and the worker hears of it', async (state) => {
    const id = await add();
    const lease = state === 'in_progress' ? await claimed() : undefined;
    expect(await generations.cancel('a', id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect(await queue.claim('w')).toBeUndefined();
    if (lease !== undefined) expect((await queue.heartbeat(lease, 50)).stop).toBe(true);
    expect(await factsOf('generation.finished')).toBe(1);
  });

  it.each(['completed', 'failed', 'cancelled'] as const)('never leaves %s', async (terminal) => {
    const id = await add();
    const lease = await claimed();
    if (terminal === 'completed') await queue.complete(lease, result());
    if (terminal === 'failed') await queue.fail(lease, failure(false));
    if (terminal === 'cancelled') await generations.cancel('a', id);
    const before = await stateOf(id);
    const again = [queue.complete(lease, result('other')), queue.fail(lease, failure(true)), queue.release(lease), queue.heartbeat(lease, 1), generations.cancel('a', id), queue.reap(), queue.claim('w')];
    await Promise.allSettled(again);
    expect(await stateOf(id)).toEqual(before);
    expect(before?.status).toBe(terminal);
    expect(await factsOf('generation.finished')).toBe(1);
  });

  it('takes a repeated completion for the same one', async () => {
    await add();
    const lease = await claimed();
    await queue.complete(lease, result());
    await expect(queue.complete(lease, result())).resolves.toBeUndefined();
    expect(await factsOf('generation.finished')).toBe(1);
  });

  it('hides a generation from another tenant', async () => {
    const id = await add('a');
    expect(await generations.find('b', id)).toBeUndefined();
    expect(await generations.cancel('b', id)).toBeUndefined();
    expect(await generations.remove('b', id)).toBeUndefined();
    expect((await stateOf(id))?.status).toBe('queued');
  });

  it('keeps a film that another generation shares', async () => {
    const [one, two] = [await add(), await add()];
    await queue.complete(await claimed(), result('same'));
    await queue.complete(await claimed(), result('same'));
    expect((await generations.remove('a', one))?.orphanKeys).toEqual([]);
    expect((await generations.remove('a', two))?.orphanKeys).toEqual(['same', 'same-t', 'same-s']);
  });

  it('tells how full it is', async () => {
    await add();
    await add();
    await claimed();
    expect(await queue.depth()).toMatchObject({ queued: 1, inProgress: 1, oldestMs: expect.any(Number) });
  });
});
