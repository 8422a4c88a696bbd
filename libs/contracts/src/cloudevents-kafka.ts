import { DomainError } from '@gpt4video/ports/errors';
import type { FactEnvelope } from '@gpt4video/ports/event-bus';

/** A Kafka record in CloudEvents binary content mode (CloudEvents Kafka binding 1.0.2 §3.2). */
export interface FactRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as a Kafka client hands it out. */
export interface ReceivedRecord {
  readonly topic: string;
  readonly key?: Buffer | string | null | undefined;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** Binds a fact to headers, key and value. The trace context travels as the W3C header and as the CloudEvents extension. */
export function toFactRecord(fact: FactEnvelope): FactRecord {
  const headers = {
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: fact.id,
    ce_type: fact.topic,
    ce_source: fact.source,
    ce_time: new Date(fact.timeMs).toISOString(),
    ce_partitionkey: fact.key,
  };
  const trace: Record<string, string> = fact.traceparent === undefined ? {} : { traceparent: fact.traceparent, ce_traceparent: fact.traceparent };
  return { key: fact.key, value: Buffer.from(fact.data), headers: { ...headers, ...trace } };
}

/** Reads a record. Throws `invalid_request` naming the attribute that is missing; such a record cannot be tried again. */
export function fromFactRecord(record: ReceivedRecord): FactEnvelope {
  const header = (name: string): string | undefined => text(record.headers?.[name]);
  const required = (name: string): string => {
    const value = header(name);
    if (value === undefined || value === '') throw new DomainError('invalid_request', `A record of topic "${record.topic}" lacks the header "${name}"; publish facts through the event bus.`);
    return value;
  };
  const timeMs = Date.parse(required('ce_time'));
  if (Number.isNaN(timeMs)) throw new DomainError('invalid_request', `A record of topic "${record.topic}" has no RFC 3339 time in "ce_time"; publish facts through the event bus.`);
  const traceparent = header('traceparent') ?? header('ce_traceparent');
  const fact = {
    id: required('ce_id'),
    topic: required('ce_type'),
    key: text(record.key) ?? header('ce_partitionkey') ?? '',
    source: required('ce_source'),
    timeMs,
    data: new Uint8Array(record.value ?? Buffer.alloc(0)),
  };
  return traceparent === undefined ? fact : { ...fact, traceparent };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return undefined;
}
