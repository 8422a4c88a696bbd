import { type Kafka, Partitioners, type Producer } from 'kafkajs';
import { DomainError } from '@gpt4video/ports/errors';
import { within } from './deadline.js';
import { isBrokerGone, isProtocolFault, unavailable } from './kafka-fault.js';

/** A record on its way to a topic, the topic under its full name. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

interface Waiting {
  readonly record: OutgoingRecord;
  readonly resolve: () => void;
  readonly reject: (error: DomainError) => void;
}

const MAX_WAITING = 10_000;
const MAX_BATCH = 200;
const MAX_BATCH_BYTES = 512 * 1024;

/**
 * Sends records: idempotent, acknowledged by all replicas in sync, in the order of the calls. One request is under way at a
 * time and takes along what gathered meanwhile. After any failure the next request has a producer id of its own, because
 * the library gives the sequence number of a request of unknown outcome to the next one, which the broker then drops as a repeat.
 */
export class FactProducer {
  private readonly waiting: Waiting[] = [];
  private pump: Promise<void> | undefined;
  private producer: Promise<Producer> | undefined;
  private closed = false;

  constructor(
    private readonly kafka: Kafka,
    /** Milliseconds after which a request counts as failed. */
    private readonly timeoutMs: number,
  ) {}

  /** Resolves when the record is safe. Throws `unavailable` when that is unknown, `overloaded` when too many wait. */
  send(record: OutgoingRecord): Promise<void> {
    if (this.closed) return Promise.reject(new DomainError('unavailable', 'The event bus has stopped; the fact stays where it is and is sent again.', { retryAfterMs: 1_000 }));
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(new DomainError('overloaded', 'Too many facts wait for the broker; try again later.', { retryAfterMs: 1_000 }));
    return new Promise((resolve, reject) => {
      this.waiting.push({ record, resolve, reject });
      this.pump ??= this.sendAll();
    });
  }

  /** Sends what waits, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pump;
    await this.retire();
  }

  private async sendAll(): Promise<void> {
    // Calls of this turn of the event loop go out together.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.deliver(this.nextBatch());
    // In the same turn as the last look: a call that comes later starts anew.
    this.pump = undefined;
  }

  private nextBatch(): Waiting[] {
    let bytes = 0;
    const end = this.waiting.findIndex(({ record }, index) => index >= MAX_BATCH || (bytes += record.value?.length ?? 0) > MAX_BATCH_BYTES);
    return this.waiting.splice(0, end === -1 ? this.waiting.length : Math.max(1, end));
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    try {
      const producer = await within(this.timeoutMs, this.connected());
      await within(this.timeoutMs, producer.sendBatch({ acks: -1, topicMessages: byTopic(batch) }));
      for (const { resolve } of batch) resolve();
    } catch (fault) {
      void this.retire();
      const parts = partsOf(batch, fault);
      if (parts.length > 1) for (const part of parts) await this.deliver(part);
      else for (const { reject } of batch) reject(unavailable(fault));
    }
  }

  private connected(): Promise<Producer> {
    this.producer ??= connect(this.kafka);
    return this.producer;
  }

  private async retire(): Promise<void> {
    const retired = this.producer;
    this.producer = undefined;
    await retired?.then((producer) => within(this.timeoutMs, producer.disconnect())).catch(() => undefined);
  }
}

async function connect(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner, retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 } });
  await producer.connect();
  return producer;
}

// One topic or record at fault must not hold up the others.
function partsOf(batch: readonly Waiting[], fault: unknown): readonly (readonly Waiting[])[] {
  if (isBrokerGone(fault)) return [batch];
  const parts = [...Map.groupBy(batch, ({ record }) => record.topic).values()];
  return parts.length === 1 && isProtocolFault(fault, 'MESSAGE_TOO_LARGE') ? batch.map((one) => [one]) : parts;
}

function byTopic(batch: readonly Waiting[]) {
  const groups = Map.groupBy(batch, ({ record }) => record.topic);
  return [...groups].map(([topic, members]) => ({ topic, messages: members.map(({ record: { key, value, headers } }) => ({ key, value, headers: { ...headers } })) }));
}
