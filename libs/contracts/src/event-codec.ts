import { createHash } from 'node:crypto';
import { DomainError } from '@gpt4video/ports/errors';
import type { FactEnvelope } from '@gpt4video/ports/event-bus';
import { type Topic, type TopicMessage, type TopicName, TOPICS } from './topics.js';

/** What surrounds the message of a fact. */
export interface FactAttributes {
  /** Unique per fact; `deriveFactId` where another fact caused it. */
  readonly id: string;
  /** App that says so. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** Partition key; the topic's own when absent. */
  readonly key?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** Puts a message into its envelope. */
export function encodeFact<Name extends TopicName>(name: Name, message: TopicMessage<Name>, attributes: FactAttributes): FactEnvelope {
  const topic = topicOf(name);
  const { id, source, timeMs, traceparent } = attributes;
  const envelope = { id, topic: name, key: attributes.key ?? topic.key(message), source, timeMs, data: topic.codec.encode(message).finish() };
  return traceparent === undefined ? envelope : { ...envelope, traceparent };
}

/** Takes the message out of its envelope. Throws `invalid_request` when the topic is another or the bytes are not its message. */
export function decodeFact<Name extends TopicName>(name: Name, fact: FactEnvelope): TopicMessage<Name> {
  if (fact.topic !== name) throw new DomainError('invalid_request', `Fact "${fact.id}" is of topic "${fact.topic}", not "${name}"; subscribe its consumer to the right topic.`);
  try {
    return topicOf(name).codec.decode(fact.data);
  } catch (cause) {
    throw new DomainError('invalid_request', `Fact "${fact.id}" of topic "${name}" does not hold its message; check the version of "${fact.source}".`, { cause });
  }
}

/**
 * The id of a fact that another fact caused: the same cause and topic give the same id, so that a repeated delivery
 * emits no second fact. `discriminator` tells several facts of one topic apart. A UUID of version 8 (RFC 9562 §5.8).
 */
export function deriveFactId(causeId: string, topic: TopicName, discriminator = ''): string {
  const bytes = createHash('sha256').update(JSON.stringify([causeId, topic, discriminator])).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// TypeScript cannot follow an indexed table through a generic name; the table itself is typed.
function topicOf<Name extends TopicName>(name: Name): Topic<TopicMessage<Name>> {
  return TOPICS[name] as unknown as Topic<TopicMessage<Name>>;
}
