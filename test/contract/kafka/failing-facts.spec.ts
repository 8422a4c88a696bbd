import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FactProducer } from '@gpt4video/adapters/kafka/fact-producer';
import { kafkaClient } from '@gpt4video/adapters/kafka/kafka-client';
import { toFactRecord } from '@gpt4video/contracts/cloudevents-kafka';
import { decodeFact, encodeFact } from '@gpt4video/contracts/event-codec';
import { BusWatch, type DeadLetter, type FactEnvelope } from '@gpt4video/ports/event-bus';
import { clock, eventually, fact, KafkaRig, TOPIC } from './kafka-rig.js';

const GROUP = 'frame-extractor';
const run = promisify(execFile);

/** Remembers what the bus tells. */
class Told extends BusWatch {
  readonly aside: DeadLetter[] = [];
  readonly dead: DeadLetter[] = [];
  readonly lag = new Map<string, number>();

  override setAside(letter: DeadLetter): void {
    this.aside.push(letter);
  }

  override deadLettered(letter: DeadLetter): void {
    this.dead.push(letter);
  }

  override lagged(topic: string, _group: string, facts: number): void {
    this.lag.set(topic, facts);
  }
}

describe('facts that fail', () => {
  let rig: KafkaRig;
  let prefix: string;
  let told: Told;

  beforeAll(async () => {
    rig = await KafkaRig.start();
  }, 600_000);
  beforeEach(() => {
    prefix = rig.newPrefix();
    told = new Told();
  });
  afterEach(() => rig.stopBuses());
  afterAll(() => rig.stop());

  const gpt4video = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, GPT4VIDEO_KAFKA_BROKERS: rig.server.brokers.join(','), GPT4VIDEO_KAFKA_PREFIX: prefix, GPT4VIDEO_KAFKA_PARTITIONS: '2' };
    return (await run(process.execPath, ['apps/cli/bin/gpt4video.mjs', 'facts', ...args], { env })).stdout;
  };
  const sendRaw = async (key: string, value: Uint8Array, headers: Readonly<Record<string, string>>): Promise<void> => {
    const producer = new FactProducer(kafkaClient('test', rig.settings(prefix)), 5_000);
    await producer.send({ topic: prefix + TOPIC, key, value: Buffer.from(value), headers });
    await producer.close();
  };

  it('are set aside with growing waits while others go on, then given up; a redrive brings them back to their group alone', async () => {
    const attempts = { inPlace: 2, backoffMs: 5, maxBackoffMs: 20, laterMs: [300, 600] };
    let broken = true;
    const tries: number[] = [];
    const seen: string[] = [];
    const others: string[] = [];
    const bus = rig.bus(prefix, { attempts, watch: told });
    bus.subscribe({
      topic: TOPIC,
      group: GROUP,
      handler: ({ id }) => {
        if (id === 'bad') tries.push(clock.now());
        return broken && id === 'bad' ? Promise.reject(new Error('always')) : Promise.resolve((seen.push(id), 'done' as const));
      },
    });
    bus.subscribe({ topic: TOPIC, group: 'other', handler: ({ id }) => Promise.resolve((others.push(id), 'done' as const)) });
    await bus.start();
    await bus.publish(fact('bad', 'k'));
    await bus.publish(fact('good', 'k'));
    await eventually(() => told.dead.length === 1);
    expect(told.aside.map((letter) => letter.attempts)).toEqual([2, 3]);
    expect(tries).toHaveLength(4);
    const [, last = 0, third = 0, fourth = 0] = tries;
    // Whole milliseconds of a clock and of a timer are cut off apart: one may be missing.
    expect(third - last).toBeGreaterThanOrEqual(299);
    expect(fourth - third).toBeGreaterThanOrEqual(599);
    expect(seen).toEqual(['good']);
    expect(await bus.deadLetters(5)).toEqual([{ fact: fact('bad', 'k'), group: GROUP, attempts: 4, code: 'internal', reason: expect.any(String) }]);
    await eventually(() => [...told.lag.values()].every((facts) => facts === 0));

    expect(await gpt4video('dead-letters', '--topic', TOPIC, '--group', GROUP)).toContain('bad  internal after 4');
    broken = false;
    expect(await gpt4video('redrive', '--topic', TOPIC, '--group', GROUP)).toBe(`sent again bad\nfacts: 1 sent again to ${GROUP}\n`);
    await eventually(() => seen.includes('bad'));
    expect(others.toSorted()).toEqual(['bad', 'good']);
    expect(await bus.deadLetters(5)).toEqual([]);
    expect(await gpt4video('redrive', '--topic', TOPIC, '--group', GROUP)).toBe(`facts: 0 sent again to ${GROUP}\n`);
  });

  it('that are no facts at all are given up at once, with what was wrong, and do not hold up the next', async () => {
    const seen: string[] = [];
    const bus = rig.bus(prefix, { watch: told });
    bus.subscribe({ topic: TOPIC, group: GROUP, handler: ({ id }) => Promise.resolve((seen.push(id), 'done' as const)) });
    await bus.start();
    await bus.publish(fact('before', 'k'));
    await sendRaw('k', Uint8Array.of(0xff), { 'content-type': 'text/plain' });
    await bus.publish(fact('after', 'k'));
    await eventually(() => seen.length === 2 && told.dead.length === 1);
    const [letter] = await bus.deadLetters(5);
    expect(letter).toMatchObject({ code: 'invalid_request', attempts: 1, group: GROUP, reason: expect.stringContaining('ce_time'), fact: { data: Uint8Array.of(0xff) } });
  });

  it('do not fail for being of another release: unknown headers and fields are passed over, absent ones have their defaults', async () => {
    const seen: FactEnvelope[] = [];
    const bus = rig.bus(prefix, { watch: told });
    bus.subscribe({ topic: TOPIC, group: GROUP, handler: (each) => Promise.resolve((seen.push(each), 'done' as const)) });
    await bus.start();
    await bus.publish(fact('first'));
    const { headers } = toFactRecord(encodeFact(TOPIC, { fileId: 'file', video: undefined, own: undefined }, { id: 'newer', source: 'gateway', timeMs: 1 }));
    const fileId = Buffer.concat([Buffer.from([0x0a, 4]), Buffer.from('file')]);
    const unknown = Buffer.from([0x9a, 0x06, 2, 0x68, 0x69]);
    await sendRaw('k', Buffer.concat([fileId, unknown]), { ...headers, ce_dataschema: 'later', priority: 'high' });
    const { ce_partitionkey: _key, ce_specversion: _version, ...older } = headers;
    await sendRaw('k', Buffer.alloc(0), { ...older, ce_id: 'older' });
    await eventually(() => seen.length === 3);
    const messages = new Map(seen.map((each) => [each.id, each] as const));
    expect(decodeFact(TOPIC, messages.get('newer') ?? fact('none'))).toEqual({ fileId: 'file', video: undefined });
    expect(decodeFact(TOPIC, messages.get('older') ?? fact('none'))).toEqual({ fileId: '', video: undefined });
    expect(told.dead).toEqual([]);
  });

  it('find their topics: the command makes every one of the table, once', async () => {
    const made = await gpt4video('topics');
    for (const name of [TOPIC, `${TOPIC}.${GROUP}.retry`, 'frames.extracted.safety.dlt', 'generation.finished']) expect(made).toContain(`made ${prefix}${name}\n`);
    expect(await gpt4video('topics')).toBe('facts: every topic is there\n');
    await expect(gpt4video('redrive', '--topic', TOPIC, '--group', 'safety')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('frame-extractor') });
  });
});
