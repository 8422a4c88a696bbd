import { InProcessEventBus } from '@gpt4video/adapters/in-process/in-process-event-bus';
import type { FactEnvelope } from '@gpt4video/ports/event-bus';
import { describeEventBus } from '@gpt4video/testing/contracts/event-bus-contract';
import { ManualClock, settle } from '@gpt4video/testing/fakes/manual-clock';
import { RealClock } from '@gpt4video/testing/fakes/real-clock';

describeEventBus('InProcessEventBus', ({ maxAttempts }) => {
  const opened: InProcessEventBus[] = [];
  const open = () => {
    const bus = new InProcessEventBus({ clock: new RealClock(), maxAttempts, backoffMs: 2 });
    opened.push(bus);
    return bus;
  };
  return Promise.resolve({ bus: open(), next: () => Promise.resolve(open()), close: async () => void (await Promise.all(opened.map((bus) => bus.stop(1000)))) });
});

describe('InProcessEventBus', () => {
  const fact = (topic: string, id = topic): FactEnvelope => ({ id, key: 'k', topic, source: 'test', timeMs: 1, data: new Uint8Array() });
  let clock: ManualClock;
  let bus: InProcessEventBus;

  beforeEach(() => {
    clock = new ManualClock();
    bus = new InProcessEventBus({ clock, maxAttempts: 3, backoffMs: 100, maxBackoffMs: 150 });
  });

  it('keeps the publisher waiting until every group has settled the fact', async () => {
    const gate = Promise.withResolvers<void>();
    bus.subscribe({ topic: 'a', group: 'fast', handler: () => Promise.resolve('done') });
    bus.subscribe({ topic: 'a', group: 'slow', handler: async () => (await gate.promise, 'done') });
    await bus.start();
    let safe = false;
    const published = bus.publish(fact('a')).then(() => (safe = true));
    await settle();
    expect(safe).toBe(false);
    gate.resolve();
    await published;
  });

  it('takes a fact from within a handler of the same topic, key and group, and settles the first only after it', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    bus.subscribe({
      topic: 'a',
      group: 'g',
      handler: async ({ id }) => {
        if (id === 'a') await bus.publish(fact('a', 'nested'));
        else await gate.promise;
        order.push(id);
        return 'done';
      },
    });
    await bus.start();
    const published = bus.publish(fact('a')).then(() => order.push('published'));
    await settle();
    expect(order).toEqual(['a']);
    gate.resolve();
    await published;
    expect(order).toEqual(['a', 'nested', 'published']);
  });

  it('waits longer before each attempt, up to the longest wait', async () => {
    let attempts = 0;
    bus.subscribe({ topic: 'a', group: 'g', handler: () => Promise.resolve(((attempts += 1), 'retry' as const)) });
    await bus.start();
    const published = bus.publish(fact('a'));
    await settle();
    await clock.advance(99);
    expect(attempts).toBe(1);
    await clock.advance(1);
    expect(attempts).toBe(2);
    await clock.advance(149);
    expect(attempts).toBe(2);
    await clock.advance(1);
    await published;
    expect(attempts).toBe(3);
  });

  it('refuses to call a fact safe that a stop left undone, and dead-letters nothing for it', async () => {
    bus.subscribe({ topic: 'a', group: 'g', handler: () => Promise.resolve('retry') });
    await bus.start();
    const published = expect(bus.publish(fact('a'))).rejects.toMatchObject({ code: 'unavailable' });
    await settle();
    const stopped = bus.stop(1000);
    await settle();
    await clock.advance(1000);
    await stopped;
    await published;
    expect(await bus.deadLetters(1)).toEqual([]);
  });

  it('aborts the signal of a handler that outlives the grace', async () => {
    let aborted = false;
    bus.subscribe({
      topic: 'a',
      group: 'g',
      handler: (_fact, signal) => new Promise((resolve) => signal.addEventListener('abort', () => ((aborted = true), resolve('done')))),
    });
    await bus.start();
    const published = bus.publish(fact('a'));
    await settle();
    const stopped = bus.stop(50);
    await clock.advance(50);
    await Promise.all([stopped, published]);
    expect(aborted).toBe(true);
  });
});
