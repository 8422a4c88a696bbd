import { isDomainError } from '@gpt4video/ports/errors';
import type { EventBus, Outcome } from '@gpt4video/ports/event-bus';
import { clock, eventually, fact, KafkaRig, TOPIC } from './kafka-rig.js';

const KEYS = 5;

/** Publishes as the outbox does: again under the same id until it is safe. */
async function publishUntilSafe(bus: EventBus, id: string, key: string, onRefused: () => void = () => undefined): Promise<void> {
  for (;;) {
    try {
      return await bus.publish(fact(id, key));
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'unavailable') throw error;
      onRefused();
      await clock.sleep(100);
    }
  }
}

describe('a broker that goes and comes back', () => {
  let rig: KafkaRig;

  beforeAll(async () => {
    rig = await KafkaRig.start();
  }, 600_000);
  afterEach(() => rig.stopBuses());
  afterAll(() => rig.stop());

  it('loses no accepted fact and keeps the order of each key when it is killed while facts flow', async () => {
    const deliveries: { readonly key: string; readonly sequence: number }[] = [];
    const handler = async ({ key, id }: { readonly key: string; readonly id: string }): Promise<Outcome> => {
      await clock.sleep(5);
      deliveries.push({ key, sequence: Number(id.split('/')[1]) });
      return 'done';
    };
    const bus = rig.bus(rig.newPrefix(), { publishMs: 4_000 });
    bus.subscribe({ topic: TOPIC, group: 'a', concurrency: KEYS, handler });
    await bus.start();

    let published = 0;
    let refusals = 0;
    let stop = false;
    const publishers = Array.from({ length: KEYS }, async (_, index) => {
      let sequence = 0;
      for (; !stop; sequence += 1) {
        await publishUntilSafe(bus, `${index}/${sequence}`, `key-${index}`, () => (refusals += 1));
        published += 1;
        await clock.sleep(10);
      }
      return sequence;
    });
    await eventually(() => deliveries.length > 100);
    await rig.server.kill();
    await eventually(() => bus.check().then(() => false, () => true));
    await eventually(() => refusals > 0);
    const before = deliveries.length;
    await rig.server.start();
    await eventually(() => deliveries.length > before + 100, 60_000);
    stop = true;
    const counts = await Promise.all(publishers);
    const effectsOf = (index: number) => new Set(deliveries.filter(({ key }) => key === `key-${index}`).map(({ sequence }) => sequence));
    await eventually(() => counts.every((count, index) => effectsOf(index).size === count), 60_000);
    // A Set keeps the order of the first delivery: an effect by id sees each key's facts in order.
    counts.forEach((count, index) => expect([...effectsOf(index)]).toEqual(Array.from({ length: count }, (_, sequence) => sequence)));
    await bus.check();
    process.stdout.write(`broker killed: ${published} accepted, ${refusals} publishes refused meanwhile, 0 lost, ${deliveries.length - published} delivered again\n`);
  }, 180_000);

  it('may be away at the start: the bus starts, says so, refuses publishes within their time, and flows when it comes', async () => {
    await rig.server.kill();
    const seen: string[] = [];
    const bus = rig.bus(rig.newPrefix(), { publishMs: 1_000 });
    bus.subscribe({ topic: TOPIC, group: 'a', handler: ({ id }) => Promise.resolve((seen.push(id), 'done' as const)) });
    await bus.start();
    await expect(bus.check()).rejects.toMatchObject({ code: 'unavailable' });
    const startedAt = performance.now();
    await expect(bus.publish(fact('1'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await rig.server.start();
    await eventually(() => bus.check().then(() => true, () => false), 60_000);
    await publishUntilSafe(bus, '2', 'k');
    await eventually(() => seen.includes('2'));
  }, 120_000);
});
