import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { deadLetterTopic, retryTopic } from '@gpt4video/contracts/topics';
import type { Clock } from '@gpt4video/ports/clock';
import type { DeadLetter } from '@gpt4video/ports/event-bus';
import { readAttempts, withAttempts } from './attempt-headers.js';
import { FactProducer } from './fact-producer.js';
import { type Range, type StoredRecord, uncommitted, withRecords } from './stored-records.js';
import { surrogateFact } from './surrogate-fact.js';

/** A consumer group on a topic, both without their prefix. */
export interface Consumption {
  readonly topic: string;
  readonly group: string;
}

const SEND_MS = 15_000;

/** Facts that these groups have given up and nobody has sent again, newest first. */
export async function listDeadLetters(kafka: Kafka, prefix: string, consumptions: readonly Consumption[], limit: number): Promise<readonly DeadLetter[]> {
  const found = await Promise.all(consumptions.map(async (each) => ({ ...each, ranges: await waiting(kafka, prefix, each) })));
  const newest = found.flatMap(({ ranges }) => ranges).map((range): Range => ({ ...range, from: max(range.from, range.to - BigInt(limit)) }));
  if (newest.length === 0) return [];
  // A group of its own, which keeps nothing: looking must not disturb whoever sends again.
  const records = await withRecords(kafka, `${prefix}dead-letters.${randomUUID()}`, newest, (all) => Promise.resolve(all));
  const groupOf = new Map(found.map(({ topic, group }) => [prefix + deadLetterTopic(topic, group), group]));
  const letters = records.map((record) => ({ letter: letterOf(record, groupOf.get(record.topic) ?? ''), order: orderOf(record) }));
  const latest = new Map(letters.sort((a, b) => a.order.localeCompare(b.order)).map(({ letter }) => [`${letter.group}/${letter.fact.id}`, letter]));
  return [...latest.values()].reverse().slice(0, limit);
}

/**
 * Sends what a group has given up to that group alone once more, oldest first, with all its attempts before it; returns the ids.
 * What was sent is remembered after it is safe: an interrupted run sends some again.
 */
export async function redrive(kafka: Kafka, prefix: string, { topic, group }: Consumption, { limit, clock }: { readonly limit: number; readonly clock: Clock }): Promise<readonly string[]> {
  const ranges = (await waiting(kafka, prefix, { topic, group })).map((range): Range => ({ ...range, to: min(range.to, range.from + BigInt(limit)) }));
  if (ranges.length === 0) return [];
  const producer = new FactProducer(kafka, SEND_MS);
  try {
    return await withRecords(kafka, redriveGroup(prefix, { topic, group }), ranges, async (records, consumer) => {
      const again = records.map((record) => ({ topic: prefix + retryTopic(topic, group), key: record.key ?? null, value: record.value, headers: afresh(record, clock.now()) }));
      await Promise.all(again.map((record) => producer.send(record)));
      await consumer.commitOffsets(ranges.map(({ topic: from, partition, to }) => ({ topic: from, partition, offset: String(to) })));
      return records.map((record) => surrogateFact(record).id);
    });
  } finally {
    await producer.close();
  }
}

function waiting(kafka: Kafka, prefix: string, consumption: Consumption): Promise<readonly Range[]> {
  return uncommitted(kafka, redriveGroup(prefix, consumption), [prefix + deadLetterTopic(consumption.topic, consumption.group)]);
}

/** Its committed offset is how far the dead letters of a group have been sent again; its lag is how many wait. */
function redriveGroup(prefix: string, { topic, group }: Consumption): string {
  return `${prefix}${topic}.${group}.redrive`;
}

function letterOf(record: StoredRecord, group: string): DeadLetter {
  const { attempts, code, reason } = readAttempts(record) ?? { attempts: 0, code: 'unknown', reason: '' };
  return { fact: surrogateFact(record), group, attempts, code, reason };
}

function orderOf(record: StoredRecord): string {
  return `${String(readAttempts(record)?.atMs ?? 0).padStart(15, '0')}/${String(record.offset).padStart(20, '0')}`;
}

function afresh(record: StoredRecord, nowMs: number) {
  const last = readAttempts(record);
  return withAttempts(record, { attempts: 0, round: 0, dueMs: nowMs, code: last?.code ?? '', reason: last?.reason ?? '', origin: last?.origin ?? `${record.topic}/${record.partition}/${record.offset}`, atMs: nowMs });
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
