import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Consumer, Kafka, logLevel } from 'kafkajs';
import { type KafkaServer, startKafka } from './kafka.js';

describe('startKafka', () => {
  let folder: string;
  let server: KafkaServer;
  let client: Kafka;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-'));
    server = await startKafka({ folder });
    client = new Kafka({ brokers: [...server.brokers], logLevel: logLevel.NOTHING, retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 500 } });
  }, 600_000);

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps what it acknowledged over SIGKILL and a start on the same port', async () => {
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }] });
    await admin.disconnect();
    const producer = client.producer({ idempotent: true });
    await producer.connect();
    await producer.send({ topic: 'kept', acks: -1, messages: ['one', 'two'].map((value) => ({ value })) });
    await server.kill();
    await server.start();
    await producer.send({ topic: 'kept', acks: -1, messages: [{ value: 'three' }] });
    await producer.disconnect();
    const consumer = client.consumer({ groupId: 'readers' });
    expect(await firstValues(consumer, 3)).toEqual(['one', 'two', 'three']);
  });
});

async function firstValues(consumer: Consumer, count: number): Promise<string[]> {
  await consumer.connect();
  await consumer.subscribe({ topics: ['kept'], fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: ({ message }) => {
          values.push(String(message.value));
          if (values.length === count) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values;
}
