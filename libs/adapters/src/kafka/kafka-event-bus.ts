import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { toFactRecord } from '@gpt4video/contracts/cloudevents-kafka';
import { deadLetterTopic, retryTopic } from '@gpt4video/contracts/topics';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { BusWatch, type DeadLetter, EventBus, type FactEnvelope, type Subscription } from '@gpt4video/ports/event-bus';
import { listDeadLetters } from './dead-letters.js';
import { within } from './deadline.js';
import { type AttemptPolicy, Delivery } from './delivery.js';
import { FactProducer } from './fact-producer.js';
import { GroupConsumer } from './group-consumer.js';
import type { GroupTimes, Sources } from './group-session.js';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';
import { unavailable } from './kafka-fault.js';
import { allTopics, type ConsumedTopic, declareTopics, type TopicSettings } from './topic-declarations.js';

/** What the bus is made with. Times in milliseconds. */
export interface KafkaEventBusOptions {
  /** Name of the process, for the brokers' logs. */
  readonly app: string;
  readonly settings: KafkaSettings & TopicSettings & { /** Whether to make the topics that lack. */ readonly kafkaDeclareTopics: boolean };
  readonly clock: Clock;
  readonly watch?: BusWatch;
  readonly attempts?: AttemptPolicy;
  readonly times?: GroupTimes;
  /** A publish that takes longer fails. */
  readonly publishMs?: number;
  /** Topics to make besides those of the subscriptions. */
  readonly topics?: readonly ConsumedTopic[];
}

const ATTEMPTS: AttemptPolicy = { inPlace: 3, backoffMs: 200, maxBackoffMs: 5_000, laterMs: [10_000, 60_000, 600_000] };
const TIMES: GroupTimes = { sessionMs: 15_000, heartbeatMs: 3_000, fetchWaitMs: 250 };
const PUBLISH_MS = 15_000;
/** Most records in hand of a partition; those that wait for a later attempt are many and idle. */
const IN_HAND = { now: 256, later: 1_024 };
const DECLARE_AGAIN_MS = 1_000;

/**
 * Facts through Kafka. A fact is tried in place while its key waits, then set aside for its group in `{topic}.{group}.retry`
 * with growing waits (from there without order), then kept in `{topic}.{group}.dlt`. Two processes that die of a fact count as its
 * failure, and from then on each. Offsets are committed when everything
 * below them is settled. Brokers may be away at any time: publishing throws `unavailable`, consumers come back by themselves.
 */
export class KafkaEventBus extends EventBus {
  override readonly system = 'kafka';
  private readonly process = randomUUID();
  private readonly kafka: Kafka;
  private readonly producer: FactProducer;
  private readonly watch: BusWatch;
  private readonly subscriptions: Subscription[] = [];
  private readonly stopping = new AbortController();
  private readonly consumers: GroupConsumer[] = [];
  private prepared: Promise<void> | undefined;

  constructor(private readonly options: KafkaEventBusOptions) {
    super();
    this.kafka = kafkaClient(options.app, options.settings);
    this.producer = new FactProducer(this.kafka, options.publishMs ?? PUBLISH_MS);
    this.watch = options.watch ?? new BusWatch();
  }

  override subscribe(subscription: Subscription): void {
    const { topic, group } = subscription;
    if (this.prepared !== undefined) throw new DomainError('internal', `Subscribe ${group} to ${topic} before the bus starts.`);
    if (this.subscriptions.some((each) => each.topic === topic && each.group === group)) {
      throw new DomainError('internal', `The group ${group} already consumes ${topic}; give the second consumer a group of its own.`);
    }
    this.subscriptions.push(subscription);
  }

  override start(): Promise<void> {
    if (this.prepared !== undefined) return Promise.resolve();
    this.prepared = this.prepare();
    this.prepared.catch(() => undefined);
    // One consumer for all topics of a group: its members must all ask for the same ones.
    for (const [group, members] of Map.groupBy(this.subscriptions, (each) => each.group)) this.consumers.push(this.consumerOf(group, members));
    for (const consumer of this.consumers) consumer.start(this.prepared);
    return Promise.resolve();
  }

  override async publish(fact: FactEnvelope): Promise<void> {
    const startedMs = this.options.clock.now();
    const told = (safe: boolean): void => this.watch.published(fact.topic, (this.options.clock.now() - startedMs) / 1_000, safe);
    try {
      if (this.prepared === undefined) throw new DomainError('unavailable', 'The event bus has not started; publish again later.');
      await within(this.options.publishMs ?? PUBLISH_MS, this.prepared);
      await this.producer.send({ topic: this.options.settings.kafkaPrefix + fact.topic, ...toFactRecord(fact) });
      told(true);
    } catch (fault) {
      told(false);
      throw isDomainError(fault) && fault.code !== 'deadline_exceeded' ? fault : unavailable(fault);
    }
  }

  override async stop(graceMs: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    // Handlers in hand may still publish what follows from their fact.
    await Promise.all(this.consumers.map((consumer) => consumer.stop(graceMs)));
    await this.producer.close();
  }

  override async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    await this.prepared;
    return listDeadLetters(this.kafka, this.options.settings.kafkaPrefix, this.subscriptions, limit);
  }

  override async check(): Promise<void> {
    for (const consumer of this.consumers) consumer.check();
  }

  private async prepare(): Promise<void> {
    const { settings, clock, topics = allTopics() } = this.options;
    if (!settings.kafkaDeclareTopics) return;
    const own = this.subscriptions.map(({ topic, group }) => ({ topic, groups: [group] }));
    for (;;) {
      try {
        await declareTopics(this.kafka, [...topics.map(({ topic }) => ({ topic, groups: [] })), ...own], settings);
        return;
      } catch (fault) {
        for (const group of new Set(this.subscriptions.map((each) => each.group))) this.watch.connection(group, fault instanceof Error ? fault : undefined);
        await clock.sleep(DECLARE_AGAIN_MS, this.stopping.signal);
      }
    }
  }

  private consumerOf(group: string, subscriptions: readonly Subscription[]): GroupConsumer {
    const { settings: { kafkaPrefix: prefix }, times = TIMES, clock } = this.options;
    const onLag = (topic: string, facts: number): void => this.watch.lagged(topic.slice(prefix.length), group, facts);
    const onConnection = (lostBecause: Error | undefined): void => this.watch.connection(group, lostBecause);
    return new GroupConsumer({ kafka: this.kafka, process: this.process, groupId: prefix + group, sources: this.sourcesOf(subscriptions), times, clock, onLag }, { onConnection });
  }

  private sourcesOf(subscriptions: readonly Subscription[]): Sources {
    const { settings: { kafkaPrefix: prefix }, attempts: policy = ATTEMPTS, clock } = this.options;
    const sources = subscriptions.flatMap((subscription) => {
      const { topic, group } = subscription;
      const later = prefix + retryTopic(topic, group);
      const delivery = new Delivery({ subscription, retryTopic: later, deadLetterTopic: prefix + deadLetterTopic(topic, group), policy, producer: this.producer, clock, watch: this.watch });
      return [[prefix + topic, { delivery, most: IN_HAND.now }], [later, { delivery, most: IN_HAND.later }]] as const;
    });
    return new Map(sources);
  }
}
