import { SpanKind } from '@opentelemetry/api';
import type { EventBus, FactEnvelope } from '@gpt4video/ports/event-bus';
import { contextOf, currentTraceparent, withSpan } from './tracing.js';

/** Publishes a fact under a span of the trace that it tells of, and lets its consumers' spans follow from that span. Rejects with the bus's error. */
export async function sendFact(bus: EventBus, fact: FactEnvelope, service: string): Promise<void> {
  const attributes = {
    'messaging.system': bus.system,
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': fact.topic,
    'messaging.message.id': fact.id,
  };
  await withSpan(`send ${fact.topic}`, { kind: SpanKind.PRODUCER, attributes, parent: contextOf(fact.traceparent), service }, async () => {
    const traceparent = currentTraceparent();
    await bus.publish(traceparent === undefined ? fact : { ...fact, traceparent });
  });
}
