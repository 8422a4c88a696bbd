import type { Consumer, Kafka } from 'kafkajs';
import type { ReceivedRecord } from '@gpt4video/contracts/cloudevents-kafka';
import { within } from './deadline.js';

/** A record with its place. */
export interface StoredRecord extends ReceivedRecord {
  readonly partition: number;
  readonly offset: bigint;
}

/** A part of a partition: offsets from `from` up to, not including, `to`. */
export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

const READ_MS = 20_000;

/** What lies in these topics behind a group's committed offsets. */
export async function uncommitted(kafka: Kafka, groupId: string, topics: readonly string[]): Promise<readonly Range[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    const ends = await Promise.all(topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })));
    const ranges = ends.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, high }): Range => {
        const done = committed.find((each) => each.topic === topic)?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
        return { topic, partition, from: BigInt(low) > BigInt(done) ? BigInt(low) : BigInt(done), to: BigInt(high) };
      }),
    );
    return ranges.filter(({ from, to }) => from < to);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Reads these ranges as a member of the group, and runs `use` before it leaves it; `use` may commit. */
export async function withRecords<Result>(kafka: Kafka, groupId: string, ranges: readonly Range[], use: (records: readonly StoredRecord[], consumer: Consumer) => Promise<Result>): Promise<Result> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    const records = await within(READ_MS, collect(consumer, ranges));
    return await use(records, consumer);
  } finally {
    await within(READ_MS, consumer.disconnect()).catch(() => undefined);
  }
}

async function collect(consumer: Consumer, ranges: readonly Range[]): Promise<readonly StoredRecord[]> {
  const found = new Map<string, StoredRecord>();
  const open = new Set(ranges);
  const all = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => all.reject(payload.error));
  await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch, isStale }) => {
      const range = ranges.find(({ topic, partition }) => topic === batch.topic && partition === batch.partition);
      if (range === undefined || isStale()) return Promise.resolve();
      for (const { key, value, headers, offset } of batch.messages) {
        const at = BigInt(offset);
        if (at >= range.from && at < range.to) found.set(`${batch.topic}/${batch.partition}/${offset}`, { topic: batch.topic, partition: batch.partition, offset: at, key, value, headers });
      }
      if (BigInt(batch.lastOffset()) + 1n >= range.to) open.delete(range);
      if (open.size === 0) all.resolve();
      return Promise.resolve();
    },
  });
  for (const { topic, partition, from } of ranges) consumer.seek({ topic, partition, offset: String(from) });
  await all.promise;
  return [...found.values()];
}
