import { createLogger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { type DeadLetter, EventBus, type FactEnvelope } from '@gpt4video/ports/event-bus';
import { DomainError } from '@gpt4video/ports/errors';
import { sql } from 'kysely';
import { TestDatabase } from '../../test/test-database.js';
import type { DomainFact } from '../core/domain-fact.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxRows } from './outbox-rows.js';
import { FactEncoder, OutboxWriter } from './outbox-writer.js';
import { Quarantine } from './quarantine.js';

class KeyEncoder extends FactEncoder {
  override encode(fact: DomainFact) {
    const key = fact.topic === 'video.uploaded' ? fact.fileId : fact.generationId;
    return { key: key.split('#')[0] ?? '', data: new TextEncoder().encode(key) };
  }
  override traceparent() {
    return 'trace-1';
  }
}

/** Takes facts slowly, and refuses as often as it is told to. */
class SlowBus extends EventBus {
  readonly taken: string[] = [];
  refusals = 0;
  poison = '';
  refusal: Error = new Error('no');
  delayMs = 5;
  most = 0;
  private now = 0;

  override async publish(fact: FactEnvelope): Promise<void> {
    this.now += 1;
    this.most = Math.max(this.most, this.now);
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.now -= 1;
    if (this.refusals-- > 0) throw this.refusal;
    if (new TextDecoder().decode(fact.data) === this.poison) throw this.refusal;
    this.taken.push(new TextDecoder().decode(fact.data));
  }
  override subscribe(): void {}
  override async start(): Promise<void> {}
  override async stop(): Promise<void> {}
  override async deadLetters(): Promise<readonly DeadLetter[]> {
    return [];
  }
}

describe('the outbox', () => {
  let postgres: TestDatabase;
  let writer: OutboxWriter;
  let bus: SlowBus;
  const relays: OutboxRelay[] = [];

  const relay = (): OutboxRelay => {
    const logger = createLogger({ app: 'test', level: 'silent', format: 'json' });
    const made = new OutboxRelay(new OutboxRows(postgres.database, writer), bus, new SystemClock(), logger, new Metrics());
    relays.push(made);
    made.start();
    return made;
  };
  const write = async (keys: readonly string[]): Promise<void> => {
    await postgres.database.transaction((tx) => writer.write(tx, keys.map((generationId) => ({ topic: 'generation.queued', generationId }))));
    writer.committed();
  };
  const settled = async (count: number, ms = 8_000): Promise<void> => {
    const end = Date.now() + ms;
    while (bus.taken.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const waiting = async () => (await postgres.database.kysely.selectFrom('outbox').select('id').where('published_at', 'is', null).execute()).length;

  beforeAll(async () => {
    postgres = await TestDatabase.start();
  });
  beforeEach(async () => {
    await postgres.clear();
    writer = new OutboxWriter(new KeyEncoder());
    bus = new SlowBus();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((each) => each.stop(1_000)));
  });
  afterAll(() => postgres?.stop());

  it('publishes what was committed, several facts at once', async () => {
    relay();
    bus.delayMs = 100;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await write(['a', 'b', 'c', 'd']);
    await settled(4);
    expect(bus.taken.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(bus.most).toBe(4);
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    relay();
    const failing = postgres.database.transaction(async (tx) => {
      await writer.write(tx, [{ topic: 'generation.queued', generationId: 'x' }]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await write(['y']);
    await settled(1);
    expect(bus.taken).toEqual(['y']);
  });

  it('publishes each fact once between two relays, in order within a key', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `${'abc'.charAt(index % 3)}#${String(index).padStart(2, '0')}`);
    await write(keys);
    relay();
    relay();
    await settled(60);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(bus.taken.toSorted()).toEqual(keys.toSorted());
    for (const key of 'abc') {
      const order = bus.taken.filter((each) => each.startsWith(key));
      expect(order).toEqual(order.toSorted());
    }
  });

  it('tries a fact again that the bus refused', async () => {
    bus.refusals = 2;
    relay();
    await write(['a']);
    await settled(1);
    expect(bus.taken).toEqual(['a']);
    // The row is marked after the bus has the fact.
    for (let tries = 0; tries < 200 && (await waiting()) > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await waiting()).toBe(0);
  });

  it('sets a fact aside that no attempt can publish, shows why, and lets those behind it go', async () => {
    bus.poison = 'a#1';
    bus.refusal = new DomainError('invalid_request', 'too large');
    await write(['a#1', 'a#2']);
    await postgres.database.kysely.updateTable('outbox').set({ attempts: 8 }).execute();
    relay();
    await settled(1, 10_000);
    expect(bus.taken).toEqual(['a#2']);
    const { rows } = await sql`select kind, attempts, code, reason from quarantine`.execute(postgres.database.kysely);
    expect(rows).toEqual([{ kind: 'fact', attempts: 10, code: 'generation.queued', reason: 'invalid_request: too large' }]);
    expect(await new OutboxRows(postgres.database, writer).lag()).toMatchObject({ waiting: 0 });
    bus.poison = '';
    const quarantine = new Quarantine(postgres.database);
    const [aside] = await quarantine.list(10);
    await quarantine.release(aside?.id ?? '');
    await settled(2, 10_000);
    expect(bus.taken).toEqual(['a#2', 'a#1']);
    expect(await quarantine.list(10)).toEqual([]);
    await expect(quarantine.release(aside?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('sets nothing aside while the bus is away, however long that is', async () => {
    bus.poison = 'a#1';
    bus.refusal = new DomainError('unavailable', 'away');
    await write(['a#1']);
    await postgres.database.kysely.updateTable('outbox').set({ attempts: 1_000 }).execute();
    relay();
    for (let tries = 0; tries < 100 && bus.most === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 100));
    bus.poison = '';
    await settled(1);
    expect(bus.taken).toEqual(['a#1']);
  });

  it('publishes again what a relay had in hand when it died', async () => {
    const rows = new OutboxRows(postgres.database, writer);
    await write(['a']);
    expect(await rows.claim(10)).toHaveLength(1);
    expect(await rows.claim(10)).toHaveLength(0);
    await postgres.database.kysely.updateTable('outbox').set({ claimed_until: new Date(0) }).execute();
    relay();
    await settled(1);
    expect(bus.taken).toEqual(['a']);
  });

  it('keeps a fact claimed while its consumers take their time', async () => {
    bus.delayMs = 6_500;
    relay();
    await write(['slow']);
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    expect(await new OutboxRows(postgres.database, writer).claim(10)).toHaveLength(0);
    await settled(1);
    expect(bus.taken).toEqual(['slow']);
    expect(bus.most).toBe(1);
  });

  it('measures how far it is behind, and forgets what is old', async () => {
    const rows = new OutboxRows(postgres.database, writer);
    await write(['a', 'b']);
    expect(await rows.lag()).toMatchObject({ waiting: 2 });
    await postgres.database.kysely.updateTable('outbox').set({ published_at: new Date(0) }).execute();
    await rows.prune(1_000);
    expect(await postgres.database.kysely.selectFrom('outbox').select('id').execute()).toEqual([]);
  });
});
