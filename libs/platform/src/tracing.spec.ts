import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import type { EventBus, FactEnvelope } from '@gpt4video/ports/event-bus';
import { FactConsumer, subscriptionOf } from './fact-consumer.js';
import { FactPublisher } from './fact-publisher.js';
import { callStream, callUnary } from './grpc-client.js';
import { createLogger } from './logging.js';
import { Metrics } from './metrics.js';
import { eventually, never, RpcRig, textStep, TURN } from './spec-support/rpc-rig.js';
import { SpanRecorder } from './spec-support/span-recorder.js';
import { currentTraceparent, startTracing, type Tracing, withSpan } from './tracing.js';

const UNARY = 'gpt4video.clip.v1.ClipService/EncodeVideo';
const STREAM = 'gpt4video.dialogue.v1.DialogueService/Converse';

describe('one trace', () => {
  const recorder = new SpanRecorder();
  let tracing: Tracing;
  let rig: RpcRig;

  beforeAll(() => {
    tracing = startTracing({ app: 'spec', exportSpans: false, spanProcessors: [recorder] });
  });

  afterAll(() => tracing.shutdown());

  beforeEach(async () => {
    recorder.spans.length = 0;
    rig = await RpcRig.start();
  });

  afterEach(() => rig.stop());

  it('goes from the caller over the client to the server and its log line', async () => {
    rig.unary = () => Promise.reject(new DomainError('not_found', 'No video.'));
    const call = withSpan('turn', {}, () => callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() }));
    await expect(call).rejects.toMatchObject({ code: 'not_found' });
    const [turn, client, server] = [recorder.only('turn'), recorder.only('encodeVideo'), recorder.only(UNARY)];
    expect([client.kind, server.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
    expect(client.parentSpanContext?.spanId).toBe(turn.spanContext().spanId);
    expect(server.parentSpanContext?.spanId).toBe(client.spanContext().spanId);
    expect(server.spanContext().traceId).toBe(turn.spanContext().traceId);
    expect(rig.lines[0]).toMatchObject({ trace_id: turn.spanContext().traceId, span_id: server.spanContext().spanId });
  });

  it('is current at every step of a streaming generator', async () => {
    rig.stream = async function* () {
      yield textStep(String(currentTraceparent()));
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield textStep(String(currentTraceparent()));
    };
    const seen: unknown[] = [];
    for await (const step of callStream(rig.dialogue(), 'converse', TURN, { signal: never() })) seen.push(step.event?.$case === 'text' ? step.event.text.text : '');
    await eventually(() => recorder.spans.some(({ name }) => name === STREAM));
    const { traceId, spanId } = recorder.only(STREAM).spanContext();
    expect(seen).toEqual(Array(2).fill(`00-${traceId}-${spanId}-01`));
  });

  it('goes through a fact to its consumer and the fact that this one causes', async () => {
    const bus: FactEnvelope[] = [];
    const publisher = new FactPublisher({ publish: async (fact: FactEnvelope) => void bus.push(fact) } as unknown as EventBus, { now: () => 1_000 } as Clock, 'spec');
    class Relay extends FactConsumer {
      override readonly topic = 'video.uploaded';
      override readonly group = 'relay';

      override async handle(fact: FactEnvelope) {
        await publisher.publish('video.rejected', { fileId: 'f', video: undefined, stage: 's', code: 'c', message: 'm' }, { cause: fact.id });
        return 'done' as const;
      }
    }
    const cause = await withSpan('upload', {}, () => publisher.publish('video.uploaded', { fileId: 'f', video: undefined }));
    const { handler } = subscriptionOf(new Relay(), new Metrics(), createLogger({ app: 'spec', level: 'silent', format: 'json' }));
    await handler(cause, never());
    await handler(cause, never());
    const { traceId } = recorder.only('upload').spanContext();
    const consumed = recorder.spans.filter(({ name }) => name === 'process video.uploaded');
    expect(consumed.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId]);
    expect(bus[1]?.traceparent).toBe(`00-${traceId}-${consumed[0]?.spanContext().spanId}-01`);
    expect(bus[1]?.id).toBe(bus[2]?.id);
    expect(bus[1]?.id).not.toBe(cause.id);
  });

  it('marks faults of ours as errors, refusals not', async () => {
    await withSpan('refused', {}, () => Promise.reject(new DomainError('content_blocked', 'No.'))).catch(() => undefined);
    await withSpan('broken', {}, () => Promise.reject(new TypeError('x'))).catch(() => undefined);
    expect(recorder.only('refused').status.code).toBe(SpanStatusCode.UNSET);
    expect(recorder.only('refused').attributes['error.type']).toBe('content_blocked');
    expect(recorder.only('broken').status).toEqual({ code: SpanStatusCode.ERROR, message: 'internal' });
  });

  it('nests', async () => {
    await withSpan('outer', {}, () => withSpan('inner', {}, async () => expect(trace.getActiveSpan()).toBeDefined()));
    expect(recorder.only('inner').parentSpanContext?.spanId).toBe(recorder.only('outer').spanContext().spanId);
  });
});
