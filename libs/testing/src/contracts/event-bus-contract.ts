import type { EventBus, FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';

/** A bus under test. */
export interface BusUnderTest {
  readonly bus: EventBus;
  close(): Promise<void>;
}

const fact = (id: string, key = 'k', topic = 'video.uploaded'): FactEnvelope => ({ id, key, topic, source: 'test', timeMs: 1, data: Uint8Array.of(1, 2, 3) });

/** Resolves when `ready` holds; fails the test after five seconds. */
async function eventually(ready: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!ready()) {
    if (performance.now() > deadline) throw new Error('What was waited for did not happen.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What every EventBus promises. */
export function describeEventBus(name: string, open: (settings: { readonly maxAttempts: number }) => Promise<BusUnderTest>): void {
  describe(`${name} as an EventBus`, () => {
    let under: BusUnderTest;
    let bus: EventBus;

    beforeEach(async () => {
      under = await open({ maxAttempts: 3 });
      bus = under.bus;
    });
    afterEach(() => under.close());

    const collect = (group: string, seen: string[], options: { readonly concurrency?: number; readonly waitMs?: number } = {}): void =>
      bus.subscribe({
        topic: 'video.uploaded',
        group,
        ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
        handler: async (each): Promise<Outcome> => {
          if (options.waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.waitMs));
          seen.push(each.id);
          return 'done';
        },
      });

    it('brings every fact to each group, whole', async () => {
      const received: FactEnvelope[] = [];
      const other: string[] = [];
      bus.subscribe({ topic: 'video.uploaded', group: 'a', handler: (each) => Promise.resolve((received.push(each), 'done' as const)) });
      collect('b', other);
      await bus.start();
      await bus.publish({ ...fact('1'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
      await bus.publish(fact('elsewhere', 'k', 'video.deleted'));
      await eventually(() => received.length > 0 && other.length > 0);
      expect(received).toEqual([{ ...fact('1'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }]);
      expect(other).toEqual(['1']);
    });

    it('keeps the order of a key, also over a retry', async () => {
      const seen: string[] = [];
      let failures = 2;
      bus.subscribe({
        topic: 'video.uploaded',
        group: 'a',
        concurrency: 4,
        handler: (each) => {
          if (each.id === '1' && (failures -= 1) >= 0) return Promise.resolve('retry');
          return Promise.resolve((seen.push(each.id), 'done' as const));
        },
      });
      await bus.start();
      void bus.publish(fact('1'));
      void bus.publish(fact('2'));
      void bus.publish(fact('3'));
      await eventually(() => seen.length === 3);
      expect(seen).toEqual(['1', '2', '3']);
    });

    it('handles facts of different keys at once, up to the bound', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      bus.subscribe({
        topic: 'video.uploaded',
        group: 'a',
        concurrency: 2,
        handler: async () => {
          most = Math.max(most, (running += 1));
          await new Promise((resolve) => setTimeout(resolve, 20));
          running -= 1;
          done += 1;
          return 'done';
        },
      });
      await bus.start();
      for (let index = 0; index < 6; index += 1) void bus.publish(fact(String(index), `key-${index}`));
      await eventually(() => done === 6);
      expect(most).toBe(2);
    });

    it('gives a fact up after the last attempt, and goes on with the next', async () => {
      let attempts = 0;
      const seen: string[] = [];
      bus.subscribe({
        topic: 'video.uploaded',
        group: 'a',
        handler: (each) => {
          if (each.id !== 'bad') return Promise.resolve((seen.push(each.id), 'done' as const));
          attempts += 1;
          return Promise.reject(new Error('always'));
        },
      });
      await bus.start();
      void bus.publish(fact('bad'));
      void bus.publish(fact('good'));
      await eventually(() => seen.length === 1);
      expect(attempts).toBe(3);
      expect(await bus.deadLetters(10)).toEqual([{ fact: fact('bad'), group: 'a', attempts: 3, code: 'internal' }]);
    });

    it('gives a fact up at once when the handler says so; newest dead letter first', async () => {
      let attempts = 0;
      bus.subscribe({ topic: 'video.uploaded', group: 'a', handler: () => Promise.resolve(((attempts += 1), 'dead-letter' as const)) });
      await bus.start();
      void bus.publish(fact('1'));
      void bus.publish(fact('2'));
      await eventually(() => attempts === 2);
      await bus.stop(1000);
      expect((await bus.deadLetters(1)).map((letter) => letter.fact.id)).toEqual(['2']);
    });

    it('lets what is in hand finish when it stops, and takes no more', async () => {
      const seen: string[] = [];
      collect('a', seen, { waitMs: 30 });
      await bus.start();
      const published = bus.publish(fact('1'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      await bus.stop(2000);
      await published;
      expect(seen).toEqual(['1']);
      await expect(bus.publish(fact('2'))).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
