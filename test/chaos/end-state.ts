import { uncommitted, withRecords } from '@gpt4video/adapters/kafka/stored-records';
import { fromFactRecord } from '@gpt4video/contracts/cloudevents-kafka';
import { isTopicName, TOPICS } from '@gpt4video/contracts/topics';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { ObjectStore } from '@gpt4video/ports/object-store';
import type { Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import type { EndFact, EndJob, EndState } from './history.js';

/** Where the truth lies. */
export interface Sources {
  readonly postgres: Pool;
  readonly kafka: Kafka;
  readonly store: ObjectStore;
}

const WATCHED = ['video.uploaded', 'frames.extracted', 'features.encoded', 'video.understood', 'video.screened', 'generation.queued', 'generation.finished'] as const;

/** Reads what is there: rows, every copy of every fact, and the films that the store holds whole. */
export async function readEndState({ postgres, kafka, store }: Sources): Promise<EndState> {
  const files = await postgres.query<{ id: string; tenant_id: string; status: string }>('select id, tenant_id, status from files');
  const films = await postgres.query<{ id: string; tenant_id: string; status: string; result: { video: AssetRef } | null; endings: number; queued: number }>(
    `select id, tenant_id, status, result, (${eventsOf("'completed', 'failed', 'cancelled'")}) as endings, (${eventsOf("'queued'")}) as queued from generations g`,
  );
  const waiting = await postgres.query<{ count: number }>('select count(*)::int as count from outbox where published_at is null');
  const jobs: EndJob[] = files.rows.map(({ id, tenant_id: tenant, status: state }) => ({ id, tenant, job: 'file', state, endings: 0, queued: 0, artifacts: [] }));
  for (const { id, tenant_id: tenant, status: state, result, endings, queued } of films.rows) {
    const artifacts = result !== null && (await isWhole(store, result.video)) ? [result.video.key] : [];
    jobs.push({ id, tenant, job: 'generation', state, endings, queued, artifacts });
  }
  return { jobs, facts: await readFacts(kafka), unpublished: waiting.rows[0]?.count ?? 0 };
}

function eventsOf(types: string): string {
  return `select count(*)::int from generation_events e where e.generation_id = g.id and e.type in (${types})`;
}

async function readFacts(kafka: Kafka): Promise<readonly EndFact[]> {
  const group = `history-${process.pid}`;
  const ranges = await uncommitted(kafka, group, WATCHED);
  if (ranges.length === 0) return [];
  return withRecords(kafka, group, ranges, (records) => Promise.resolve(records.map((record) => toEndFact(fromFactRecord(record)))));
}

function toEndFact({ id, topic, data }: { readonly id: string; readonly topic: string; readonly data: Uint8Array }): EndFact {
  if (!isTopicName(topic)) throw new Error(`a fact of the unknown topic "${topic}"`);
  const message: object = TOPICS[topic].codec.decode(data);
  const job = 'generationId' in message ? String(message.generationId) : 'fileId' in message ? String(message.fileId) : '';
  return { id, topic, job, outcome: 'status' in message ? String(message.status) : '' };
}

function isWhole(store: ObjectStore, ref: AssetRef): Promise<boolean> {
  return store.read(ref).then(
    () => true,
    () => false,
  );
}
