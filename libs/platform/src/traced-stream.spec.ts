import { DomainError } from '@gpt4video/ports/errors';
import { SpanRecorder } from './spec-support/span-recorder.js';
import { startTracing, type Tracing } from './start-tracing.js';
import { tracedStream } from './traced-stream.js';
import { currentTraceparent } from './tracing.js';

describe('a traced stream', () => {
  const recorder = new SpanRecorder();
  let tracing: Tracing;
  beforeAll(() => {
    tracing = startTracing({ app: 'spec', spanProcessors: [recorder] });
  });
  afterEach(() => void (recorder.spans.length = 0));
  afterAll(() => tracing.shutdown());

  async function* thrice(ended: string[] = []): AsyncGenerator<string> {
    try {
      for (let each = 0; each < 3; each += 1) yield String(currentTraceparent());
    } finally {
      ended.push('source');
    }
  }

  it('runs every step in its span, and ends with the last', async () => {
    const seen: string[] = [];
    for await (const traceparent of tracedStream('chat', {}, () => thrice())) seen.push(traceparent);
    const { traceId, spanId } = recorder.only('chat').spanContext();
    expect(seen).toEqual(Array(3).fill(`00-${traceId}-${spanId}-01`));
  });

  it('ends when its reader leaves, and ends its source', async () => {
    const ended: string[] = [];
    for await (const _ of tracedStream('chat', {}, () => thrice(ended))) break;
    expect(recorder.only('chat').attributes).toEqual({ 'error.type': 'cancelled' });
    expect(ended).toEqual(['source']);
  });

  it('tells the error that broke it, and throws it on', async () => {
    const broken = async function* (): AsyncGenerator<string> {
      yield 'a';
      throw new DomainError('overloaded', 'Too much.');
    };
    const read = async (): Promise<void> => {
      for await (const _ of tracedStream('chat', {}, broken)) void _;
    };
    await expect(read()).rejects.toMatchObject({ code: 'overloaded' });
    expect(recorder.only('chat').attributes).toEqual({ 'error.type': 'overloaded' });
  });
});
