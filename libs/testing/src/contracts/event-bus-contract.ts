import type { EventBus, FactEnvelope, FactHandler, Outcome } from '@gpt4video/ports/event-bus';

/** A bus under test. */
export interface BusUnderTest {
  readonly bus: EventBus;
  /** Another bus, as the next process would have it: of the same topics and groups, with nothing subscribed. */
  next(): Promise<EventBus>;
  close(): Promise<void>;
}

const TOPIC = 'video.uploaded';
const fact = (id: string, key = 'k', topic = TOPIC): FactEnvelope => ({ id, key, topic, source: 'test', timeMs: 1, data: Uint8Array.of(1, 2, 3) });
const WAIT_MS = 20_000;

/** Resolves when `ready` holds; fails the test after twenty seconds. */
async function eventually(ready: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!ready()) {
    if (performance.now() > deadline) throw new Error('What was waited for did not happen.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What every EventBus promises. A bus under test tries a fact `maxAttempts` times in place and then gives it up. */
export function describeEventBus(name: string, open: (settings: { readonly maxAttempts: number }) => Promise<BusUnderTest>): void {
  describe(`${name} as an EventBus`, () => {
    let under: BusUnderTest;
    let bus: EventBus;

    beforeEach(async () => {
      under = await open({ maxAttempts: 3 });
      bus = under.bus;
    });
    afterEach(() => under.close());

    const on = (handler: FactHandler, options: { readonly group?: string; readonly concurrency?: number; readonly on?: EventBus } = {}): void =>
      (options.on ?? bus).subscribe({ topic: TOPIC, group: options.group ?? 'a', concurrency: options.concurrency ?? 1, handler });
    const collect = (seen: string[], group = 'a', into = bus): void => on((each) => Promise.resolve((seen.push(each.id), 'done' as const)), { group, on: into });
    /** Publishes without waiting: in process that waits for the consumers. A refusal is what some tests are about. */
    const send = (...ids: string[]): void => ids.forEach((id) => void bus.publish(fact(id)).catch(() => undefined));

    it('brings every fact to each group, whole, and to no other topic', async () => {
      const received: FactEnvelope[] = [];
      const other: string[] = [];
      on((each) => Promise.resolve((received.push(each), 'done' as const)));
      collect(other, 'b');
      await bus.start();
      const traced = { ...fact('1'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
      await bus.publish(fact('elsewhere', 'k', 'video.rejected'));
      await bus.publish(traced);
      await eventually(() => received.length > 0 && other.length > 0);
      expect(received).toEqual([traced]);
      expect(other).toEqual(['1']);
      await expect(bus.check()).resolves.toBeUndefined();
    });

    it('keeps the order of a key, also over a retry', async () => {
      const seen: string[] = [];
      let failures = 2;
      on((each) => Promise.resolve(each.id === '1' && (failures -= 1) >= 0 ? ('retry' as const) : (seen.push(each.id), 'done' as const)), { concurrency: 4 });
      await bus.start();
      send('1', '2', '3');
      await eventually(() => seen.length === 3);
      expect(seen).toEqual(['1', '2', '3']);
    });

    it('handles facts of different keys at once, up to the bound', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      const handler = async (): Promise<Outcome> => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        done += 1;
        return 'done';
      };
      on(handler, { concurrency: 2 });
      await bus.start();
      for (let index = 0; index < 6; index += 1) void bus.publish(fact(String(index), `key-${index}`));
      await eventually(() => done === 6);
      expect(most).toBe(2);
    });

    it('gives a fact up after the last attempt, with code and reason, and goes on with the next', async () => {
      let attempts = 0;
      const seen: string[] = [];
      on((each) => {
        if (each.id !== 'bad') return Promise.resolve((seen.push(each.id), 'done' as const));
        attempts += 1;
        return Promise.reject(new Error('always'));
      });
      await bus.start();
      send('bad', 'good');
      await eventually(() => seen.length === 1);
      expect(attempts).toBe(3);
      expect(await bus.deadLetters(10)).toEqual([{ fact: fact('bad'), group: 'a', attempts: 3, code: 'internal', reason: expect.stringContaining('went wrong') }]);
    });

    it('gives a fact up for one group only', async () => {
      const seen: string[] = [];
      const given: string[] = [];
      on(({ id }) => Promise.resolve((given.push(id), 'dead-letter' as const)));
      collect(seen, 'b');
      await bus.start();
      send('1', '2');
      await eventually(() => seen.length === 2 && given.length === 2);
      await bus.stop(1000);
      expect(new Set((await bus.deadLetters(10)).map(({ group }) => group))).toEqual(new Set(['a']));
    });

    it('gives a fact up at once when the handler says so, with its words; newest dead letter first', async () => {
      const given: string[] = [];
      on(({ id }) => Promise.resolve((given.push(id), id === '1' ? ('dead-letter' as const) : { code: 'invalid_video', reason: 'No frame decodes.' })));
      await bus.start();
      send('1', '2');
      await eventually(() => given.length === 2);
      await bus.stop(1000);
      const letters = await bus.deadLetters(2);
      expect(letters).toMatchObject([{ fact: { id: '2' }, attempts: 1, code: 'invalid_video', reason: 'No frame decodes.' }, { fact: { id: '1' }, code: 'dead-letter' }]);
      expect(await bus.deadLetters(1)).toEqual(letters.slice(0, 1));
    });

    it('lets what is in hand finish when it stops, and takes no more', async () => {
      const began: string[] = [];
      const ended: string[] = [];
      const handler = async ({ id }: FactEnvelope, signal: AbortSignal): Promise<Outcome> => {
        began.push(id);
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (!signal.aborted) ended.push(id);
        return 'done';
      };
      on(handler);
      await bus.start();
      send('1', '2', '3');
      await eventually(() => began.length > 0);
      await bus.stop(5000);
      expect(ended).toEqual(began);
      await expect(bus.publish(fact('4'))).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('aborts the signal of work that outlives the grace', async () => {
      let signal: AbortSignal | undefined;
      const handler = async (_fact: FactEnvelope, given: AbortSignal): Promise<Outcome> => {
        signal = given;
        await new Promise((resolve) => given.addEventListener('abort', resolve));
        return 'done';
      };
      on(handler);
      await bus.start();
      send('1');
      await eventually(() => signal !== undefined);
      expect(signal?.aborted).toBe(false);
      await bus.stop(50);
      expect(signal?.aborted).toBe(true);
    });

    it('brings a fact again that a stop left undone, unless its publish was refused; and gives none up for that', async () => {
      let began = false;
      let refused = false;
      on((_fact, signal) => {
        began = true;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))));
      });
      await bus.start();
      const published = bus.publish(fact('1')).catch(() => (refused = true));
      await eventually(() => began);
      await bus.stop(10);
      await published;
      expect(await bus.deadLetters(1)).toEqual([]);

      const seen: string[] = [];
      const next = await under.next();
      collect(seen, 'a', next);
      await next.start();
      if (refused) void next.publish(fact('1'));
      await eventually(() => seen.length === 1);
      expect(seen).toEqual(['1']);
    });

    it('brings no fact again that was settled', async () => {
      const seen: string[] = [];
      collect(seen);
      await bus.start();
      send('1', '2');
      await eventually(() => seen.length === 2);
      await bus.stop(1000);
      const later: string[] = [];
      const next = await under.next();
      collect(later, 'a', next);
      await next.start();
      void next.publish(fact('3'));
      await eventually(() => later.length === 1);
      expect(later).toEqual(['3']);
    });

    it('refuses a second consumer of one group, and consumers after the start', async () => {
      const handler = (): Promise<Outcome> => Promise.resolve('done');
      on(handler);
      expect(() => on(handler)).toThrow('already consumes');
      await bus.start();
      expect(() => on(handler, { group: 'late' })).toThrow('before the bus starts');
    });
  });
}
