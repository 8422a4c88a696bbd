import { randomUUID } from 'node:crypto';
import { context } from '@opentelemetry/api';
import { deriveFactId, encodeFact } from '@gpt4video/contracts/event-codec';
import type { TopicMessage, TopicName } from '@gpt4video/contracts/topics';
import type { Clock } from '@gpt4video/ports/clock';
import type { EventBus, FactEnvelope } from '@gpt4video/ports/event-bus';
import { sendFact } from './send-fact.js';
import { currentTraceparent, serviceOf } from './tracing.js';

/** Where a fact comes from. */
export interface PublishOptions {
  /** Id of the fact that caused this one: the same cause gives the same id, so that a repeat is recognised. A random id when absent. */
  readonly cause?: string;
  /** Tells several facts of one cause and topic apart. */
  readonly discriminator?: string;
  /** Partition key; the topic's own when absent. */
  readonly key?: string;
}

/** Emits typed facts with derived ids and the current trace. */
export class FactPublisher {
  constructor(
    private readonly bus: EventBus | undefined,
    private readonly clock: Clock,
    /** Service that speaks where the work at hand belongs to none. */
    private readonly source: string,
  ) {}

  /** Resolves when the fact is safe; rejects with the bus's error. */
  async publish<Name extends TopicName>(topic: Name, message: TopicMessage<Name>, options: PublishOptions = {}): Promise<FactEnvelope> {
    const fact = this.envelope(topic, message, options);
    if (this.bus === undefined) throw new Error(`Nobody carries facts of topic "${topic}"; provide an EventBus in app.module.ts.`);
    await sendFact(this.bus, fact, fact.source);
    return fact;
  }

  /** The envelope that `publish` would send; for an outbox row in the same transaction as what it tells. */
  envelope<Name extends TopicName>(topic: Name, message: TopicMessage<Name>, options: PublishOptions = {}): FactEnvelope {
    const id = options.cause === undefined ? randomUUID() : deriveFactId(options.cause, topic, options.discriminator);
    return encodeFact(topic, message, { id, source: serviceOf(context.active()) ?? this.source, timeMs: this.clock.now(), key: options.key, traceparent: currentTraceparent() });
  }
}
