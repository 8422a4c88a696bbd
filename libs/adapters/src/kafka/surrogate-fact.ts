import { fromFactRecord, type ReceivedRecord } from '@gpt4video/contracts/cloudevents-kafka';
import type { FactEnvelope } from '@gpt4video/ports/event-bus';

/** The fact of a record; for a record that holds none, what can be told of it, under an id made of its place. */
export function surrogateFact(record: ReceivedRecord & { readonly partition: number; readonly offset: bigint | string }): FactEnvelope {
  try {
    return fromFactRecord(record);
  } catch {
    const id = `${record.topic}/${record.partition}/${record.offset}`;
    return { id, topic: record.topic, key: String(record.key ?? ''), source: 'unknown', timeMs: 0, data: new Uint8Array(record.value ?? []) };
  }
}
