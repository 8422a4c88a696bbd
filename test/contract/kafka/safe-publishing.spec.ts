import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FactProducer } from '@gpt4video/adapters/kafka/fact-producer';
import { type KafkaServer, startKafka } from '@gpt4video/testing/servers/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { eventually, KafkaRig } from './kafka-rig.js';

/** A line on which answers can be held back: requests arrive, and nobody hears what became of them. */
class DeafLine {
  private readonly sockets = new Set<Socket>();
  private deaf = false;

  open(host: string, port: number, onConnect: () => void): Socket {
    const socket = connect({ host, port }, onConnect);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    if (this.deaf) socket.pause();
    return socket;
  }

  holdAnswers(): void {
    this.deaf = true;
    for (const socket of this.sockets) socket.pause();
  }

  hear(): void {
    this.deaf = false;
    for (const socket of this.sockets) socket.resume();
  }
}

const record = (topic: string, value: string) => ({ topic, key: 'k', value: Buffer.from(value), headers: {} });

describe('a publish that is safe', () => {
  let rig: KafkaRig;
  let client: Kafka;
  let second: KafkaServer | undefined;
  let folder: string;
  let producer: FactProducer;
  const line = new DeafLine();

  const makeTopic = async (replicas: number): Promise<string> => {
    const topic = rig.newPrefix() + 'facts';
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, replicaAssignment: [{ partition: 0, replicas: [1, 2].slice(0, replicas) }], configEntries: [{ name: 'min.insync.replicas', value: String(replicas) }] }], waitForLeaders: false });
    await admin.disconnect();
    return topic;
  };
  /** Publishes to a topic of which brokers learn one after the other. */
  const publishUntilKnown = (topic: string, value: string) => eventually(() => producer.send(record(topic, value)).then(() => true, () => false), 60_000);
  const valuesOf = async (topic: string, last: string): Promise<readonly string[]> => {
    const values: string[] = [];
    const consumer = client.consumer({ groupId: rig.newPrefix() + 'reader' });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void values.push(String(message.value))) });
    await eventually(() => values.includes(last)).finally(() => consumer.disconnect());
    return values;
  };

  beforeAll(async () => {
    rig = await KafkaRig.start();
    folder = await mkdtemp(join(tmpdir(), 'kafka-second-'));
    const brokers = [...rig.server.brokers];
    client = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const socketFactory = ({ host, port, onConnect }: { readonly host: string; readonly port: number; readonly onConnect: () => void }) => line.open(host, port, onConnect);
    producer = new FactProducer(new Kafka({ brokers, socketFactory, requestTimeout: 1_000, connectionTimeout: 1_000, logLevel: logLevel.NOTHING }), 60_000);
  }, 600_000);
  afterAll(async () => {
    await producer?.close();
    await second?.stop();
    await rig?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is in the log once, although its answers were lost, and hides no later one', async () => {
    const topic = await makeTopic(1);
    await publishUntilKnown(topic, 'before');
    line.holdAnswers();
    await expect(producer.send(record(topic, 'unheard'))).rejects.toMatchObject({ code: 'unavailable' });
    line.hear();
    await producer.send(record(topic, 'after'));
    await producer.send(record(topic, 'last'));
    expect(await valuesOf(topic, 'last')).toEqual(['before', 'unheard', 'after', 'last']);
  }, 120_000);

  it('has reached every replica that its topic asks for', async () => {
    second = await startKafka({ folder, beside: rig.server });
    const topic = await makeTopic(2);
    await publishUntilKnown(topic, 'both');
    await second.pause();
    await expect(producer.send(record(topic, 'one'))).rejects.toMatchObject({ code: 'unavailable' });
    second.resume();
    await publishUntilKnown(topic, 'both again');
  }, 180_000);
});
