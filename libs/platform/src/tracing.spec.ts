import { SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
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
import { startTracing, type Tracing } from './start-tracing.js';
import { currentTraceparent, untraced, withSpan } from './tracing.js';

const UNARY = 'gpt4video.clip.v1.ClipService/EncodeVideo';
const STREAM = 'gpt4video.dialogue.v1.DialogueService/Converse';

describe('one trace', () => {
  const recorder = new SpanRecorder();
  let tracing: Tracing;
  let rig: RpcRig;

  beforeAll(() => {
    tracing = startTracing({ app: 'spec', spanProcessors: [recorder] });
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
    const [turn, client, server] = [recorder.only('turn'), recorder.only(UNARY, SpanKind.CLIENT), recorder.only(UNARY, SpanKind.SERVER)];
    const rpc = { 'rpc.system.name': 'grpc', 'rpc.method': UNARY, 'rpc.response.status_code': 'NOT_FOUND', 'error.type': 'not_found' };
    expect(server.attributes).toEqual(rpc);
    expect(client.attributes).toEqual({ ...rpc, 'server.address': '127.0.0.1', 'server.port': Number(rig.server.address.split(':')[1]) });
    expect([turn, client, server].map(({ resource }) => resource.attributes['service.name'])).toEqual(['spec', 'spec', 'clip-encoder']);
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
    await eventually(() => recorder.spans.filter(({ name }) => name === STREAM).length === 2);
    const { traceId, spanId } = recorder.only(STREAM, SpanKind.SERVER).spanContext();
    expect(seen).toEqual(Array(2).fill(`00-${traceId}-${spanId}-01`));
  });

  it('goes through a fact to its consumer and the fact that this one causes', async () => {
    const bus: FactEnvelope[] = [];
    const publisher = new FactPublisher({ system: 'kafka', publish: async (fact: FactEnvelope) => void bus.push(fact) } as unknown as EventBus, { now: () => 1_000 } as Clock, 'spec');
    class Relay extends FactConsumer {
      override readonly topic = 'video.uploaded';
      override readonly group = 'frame-extractor';

      override async handle(fact: FactEnvelope) {
        await publisher.publish('video.rejected', { fileId: 'f', video: undefined, stage: 's', code: 'c', message: 'm' }, { cause: fact.id });
        return 'done' as const;
      }
    }
    const cause = await withSpan('upload', {}, () => publisher.publish('video.uploaded', { fileId: 'f', video: undefined, own: undefined }));
    const { handler } = subscriptionOf(new Relay(), { metrics: new Metrics(), logger: createLogger({ app: 'spec', level: 'silent', format: 'json' }), system: 'kafka' });
    const [delivered = cause] = bus;
    await handler(delivered, never());
    await handler(delivered, never());
    const { traceId } = recorder.only('upload').spanContext();
    const consumed = recorder.spans.filter(({ name }) => name === 'process video.uploaded');
    expect(consumed.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId]);
    const [uploaded, ...rejected] = recorder.spans.filter(({ kind }) => kind === SpanKind.PRODUCER);
    expect(consumed.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([uploaded?.spanContext().spanId, uploaded?.spanContext().spanId]);
    expect(rejected.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(consumed.map((span) => span.spanContext().spanId));
    expect(uploaded?.attributes).toEqual({ 'messaging.system': 'kafka', 'messaging.operation.name': 'send', 'messaging.operation.type': 'send', 'messaging.destination.name': 'video.uploaded', 'messaging.message.id': cause.id });
    expect(consumed[0]?.attributes).toMatchObject({ 'messaging.system': 'kafka', 'messaging.operation.type': 'process', 'messaging.consumer.group.name': 'frame-extractor' });
    expect([uploaded, ...consumed, ...rejected].map((span) => span?.resource.attributes['service.name'])).toEqual(['spec', 'frame-extractor', 'frame-extractor', 'frame-extractor', 'frame-extractor']);
    expect(bus.map(({ source }) => source)).toEqual(['spec', 'frame-extractor', 'frame-extractor']);
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

  it('keeps no trace of polling, but gives its log lines ids', async () => {
    await untraced(() => callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() }));
    rig.unary = () => Promise.reject(new DomainError('not_found', 'No video.'));
    await untraced(() => callUnary(rig.clip(), 'encodeVideo', { video: undefined }, { signal: never() })).catch(() => undefined);
    expect(recorder.spans.filter((span) => span.spanContext().traceFlags === TraceFlags.SAMPLED)).toEqual([]);
    expect(rig.lines[0]).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('nests', async () => {
    await withSpan('outer', {}, () => withSpan('inner', {}, async () => expect(trace.getActiveSpan()).toBeDefined()));
    expect(recorder.only('inner').parentSpanContext?.spanId).toBe(recorder.only('outer').spanContext().spanId);
  });
});
