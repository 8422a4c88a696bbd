import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Outcome } from '@gpt4video/ports/event-bus';
import type { KafkaEventBus } from '@gpt4video/adapters/kafka/kafka-event-bus';
import { clock, eventually, fact, KafkaRig, TIMES, TOPIC } from './kafka-rig.js';

const GROUP = 'a';

describe('consumers of one group that come and go', () => {
  let rig: KafkaRig;
  let prefix: string;

  beforeAll(async () => {
    rig = await KafkaRig.start();
  }, 600_000);
  beforeEach(() => {
    prefix = rig.newPrefix();
  });
  afterEach(() => rig.stopBuses());
  afterAll(() => rig.stop());

  it('share the partitions anew: work on a lost one is aborted and done by the other, work on a kept one goes on undisturbed', async () => {
    const IDS = Array.from({ length: 12 }, (_, index) => `fact-${index}`);
    const held = new Map<string, { readonly signal: AbortSignal; readonly finish: (outcome: Outcome) => void }>();
    const first = rig.bus(prefix);
    const began: string[] = [];
    first.subscribe({
      topic: TOPIC,
      group: GROUP,
      concurrency: 20,
      handler: ({ id }, signal) => {
        began.push(id);
        const { promise, resolve } = Promise.withResolvers<Outcome>();
        held.set(id, { signal, finish: resolve });
        return promise;
      },
    });
    await first.start();
    for (const id of IDS) await first.publish(fact(id));
    await eventually(() => held.size === IDS.length);

    const seen: string[] = [];
    const second = collector(seen);
    await second.start();
    await eventually(() => [...held.values()].some(({ signal }) => signal.aborted));
    const lost = [...held].filter(([, { signal }]) => signal.aborted).map(([id]) => id);
    const kept = IDS.filter((id) => !lost.includes(id));
    expect(kept.length).toBeGreaterThan(0);
    await eventually(() => seen.length === lost.length);
    expect(seen.toSorted()).toEqual(lost.toSorted());
    for (const { finish } of held.values()) finish('done');
    // What was kept is committed by the first, what was lost by the second: nothing comes again.
    await clock.sleep(1_000);
    expect(began.toSorted()).toEqual(IDS.toSorted());
    await first.stop(5_000);
    await second.publish(fact('last'));
    await eventually(() => seen.includes('last'));
    await clock.sleep(500);
    expect(seen.toSorted()).toEqual([...lost, 'last'].toSorted());
    expect(began.toSorted()).toEqual(IDS.toSorted());
  }, 90_000);

  it('lose nothing while facts flow and members join and leave', async () => {
    const effects = new Map<string, number>();
    const worker = (): KafkaEventBus => {
      const bus = rig.bus(prefix);
      const handler = async ({ id }: { readonly id: string }, signal: AbortSignal): Promise<Outcome> => {
        await clock.sleep(10, signal);
        effects.set(id, (effects.get(id) ?? 0) + 1);
        return 'done';
      };
      bus.subscribe({ topic: TOPIC, group: GROUP, concurrency: 4, handler });
      return bus;
    };
    const first = worker();
    await first.start();
    let published = 0;
    let stop = false;
    const publishing = (async () => {
      for (; !stop; published += 1) await first.publish(fact(`fact-${published}`, `key-${published % 7}`));
    })();
    await eventually(() => effects.size > 50);
    const second = worker();
    await second.start();
    await clock.sleep(3_000);
    await second.stop(1_000);
    await clock.sleep(2_000);
    stop = true;
    await publishing;
    await eventually(() => effects.size === published, 60_000);
    const again = [...effects.values()].reduce((sum, count) => sum + count - 1, 0);
    process.stdout.write(`two rebalances: ${published} published, 0 lost, ${again} delivered again\n`);
  }, 120_000);

  it('hand over what a killed process had in hand', async () => {
    const settings = rig.settings(prefix);
    const publisher = rig.bus(prefix);
    await publisher.start();
    for (const id of ['1', '2', '3']) await publisher.publish(fact(id));
    const child = spawn(process.execPath, [`${import.meta.dirname}/hanging-consumer.mjs`, JSON.stringify(settings), JSON.stringify(TIMES), TOPIC, GROUP], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(() => said.split('began').length === 4);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const seen: string[] = [];
    await collector(seen).start();
    await eventually(() => seen.length === 3, 60_000);
    expect(seen.toSorted()).toEqual(['1', '2', '3']);
  }, 90_000);

  function collector(seen: string[]): KafkaEventBus {
    const bus = rig.bus(prefix);
    bus.subscribe({ topic: TOPIC, group: GROUP, concurrency: 4, handler: ({ id }) => Promise.resolve((seen.push(id), 'done' as const)) });
    return bus;
  }
});
