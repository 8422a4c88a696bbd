import { SpanKind } from '@opentelemetry/api';
import { type GroupName, isConsumedBy, type TopicName } from '@gpt4video/contracts/topics';
import { type DomainError, type ErrorCode, isDomainError, toDomainError } from '@gpt4video/ports/errors';
import type { FactEnvelope, FactHandler, GivenUp, Outcome, Subscription } from '@gpt4video/ports/event-bus';
import type { Logger } from './logging.js';
import { declareMetrics, type Metrics } from './metrics.js';
import { runInRequest } from './request-context.js';
import type { SpanAttributes } from './span-attributes.js';
import { contextOf, openSpan } from './tracing.js';

/** Handles one topic for one consumer group. Must be idempotent: delivery is at least once. */
export abstract class FactConsumer {
  abstract readonly topic: TopicName;
  /** Consumer group, named for its service; each group sees every fact. */
  abstract readonly group: GroupName;
  /** Most facts handled at once; 1 when absent. */
  readonly concurrency?: number;

  /** Handles a fact. A thrown error that cannot heal gives the fact up, any other is tried again. */
  abstract handle(fact: FactEnvelope, signal: AbortSignal): Promise<Outcome>;
}

/** Metrics of every consumer. */
export const FACT_METRICS = declareMetrics('facts', {
  handledTotal: { type: 'counter', help: 'Facts handled, by outcome.', labels: ['topic', 'group', 'outcome'] },
  durationSeconds: { type: 'histogram', help: 'Seconds that a consumer spent on a fact.', labels: ['topic', 'group'] },
});

/** Codes that another attempt cannot heal: the fact itself, or what it points to, is at fault. */
const PERMANENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_request',
  'invalid_video',
  'video_too_large',
  'video_too_long',
  'unsupported_media',
  'context_length_exceeded',
  'content_blocked',
  'artifact_corrupt',
]);

/** What surrounds the handling of facts. */
export interface Handling {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Name of the messaging system, for spans. */
  readonly system: string;
}

/**
 * The subscription of a consumer: each fact in a span of the trace that caused it, counted, its failures logged once.
 * Throws when the table of consumer groups does not have it, because topics and scaling are made from that table.
 */
export function subscriptionOf(consumer: FactConsumer, handling: Handling): Subscription {
  const { metrics } = handling;
  const { handledTotal, durationSeconds } = metrics.use(FACT_METRICS);
  const { topic, group } = consumer;
  if (!isConsumedBy(topic, group)) throw new Error(`The group ${group} does not consume ${topic} in CONSUMER_GROUPS; add it to libs/contracts/src/topics.ts.`);
  const handler: FactHandler = async (fact, signal) => {
    const stopTimer = durationSeconds.startTimer({ topic, group });
    const result = await runInRequest({ requestId: fact.id }, () => handleInSpan(consumer, fact, signal, handling));
    stopTimer();
    handledTotal.inc({ topic, group, outcome: nameOf(result) });
    // Thrown on, so that the bus can keep the code with the dead letter when every attempt fails.
    if (isDomainError(result)) throw result;
    return result;
  };
  return { topic, group, handler, ...(consumer.concurrency === undefined ? {} : { concurrency: consumer.concurrency }) };
}

async function handleInSpan(consumer: FactConsumer, fact: FactEnvelope, signal: AbortSignal, { logger, system }: Handling): Promise<Outcome | GivenUp | DomainError> {
  const span = openSpan(`process ${fact.topic}`, { kind: SpanKind.CONSUMER, service: consumer.group, attributes: attributesOf(consumer, fact, system), parent: contextOf(fact.traceparent) });
  return span.run(async () => {
    try {
      return await consumer.handle(fact, signal);
    } catch (thrown) {
      const error = toDomainError(thrown);
      span.fail(error);
      const outcome = PERMANENT.has(error.code) && !signal.aborted ? 'dead-letter' : 'retry';
      logger.log(outcome === 'dead-letter' ? 'error' : error.logLevel, 'fact failed', { topic: fact.topic, group: consumer.group, fact: fact.id, code: error.code, outcome, err: error });
      return outcome === 'dead-letter' ? { code: error.code, reason: error.message } : error;
    } finally {
      span.end();
    }
  });
}

function attributesOf({ group }: FactConsumer, { topic, id }: FactEnvelope, system: string): SpanAttributes {
  return {
    'messaging.system': system,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': group,
    'messaging.message.id': id,
  };
}

function nameOf(result: Outcome | GivenUp | DomainError): Outcome {
  if (typeof result === 'string') return result;
  return isDomainError(result) ? 'retry' : 'dead-letter';
}
