import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { FinishedSpan } from '@gpt4video/ports/finished-span';

const MOST_TRACES = 300;
const MOST_SPANS_OF_TRACE = 300;

/** Keeps the spans of the last traces of this process in memory, so that one can be looked at where there is no collector. */
export class RecentSpans implements SpanProcessor {
  private readonly traces = new Map<string, FinishedSpan[]>();

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    const { traceId, spanId } = span.spanContext();
    const spans = this.traces.get(traceId) ?? [];
    if (spans.length < MOST_SPANS_OF_TRACE) spans.push(toRecent(span, spanId));
    this.traces.delete(traceId);
    this.traces.set(traceId, spans);
    const [oldest] = this.traces.keys();
    if (this.traces.size > MOST_TRACES && oldest !== undefined) this.traces.delete(oldest);
  }

  /** What is remembered of the trace. */
  of(traceId: string): readonly FinishedSpan[] {
    return this.traces.get(traceId) ?? [];
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Those of this process; tracing is of the whole process too. */
export const RECENT_SPANS = new RecentSpans();

/** The finished spans of a trace that this process remembers. */
export function recentSpansOf(traceId: string): readonly FinishedSpan[] {
  return RECENT_SPANS.of(traceId);
}

function toRecent({ name, resource, startTime, duration, status, parentSpanContext }: ReadableSpan, id: string): FinishedSpan {
  return {
    id,
    parentId: parentSpanContext?.spanId,
    name,
    service: String(resource.attributes['service.name'] ?? ''),
    startedAtMs: startTime[0] * 1_000 + startTime[1] / 1e6,
    durationMs: duration[0] * 1_000 + duration[1] / 1e6,
    failed: status.code === SpanStatusCode.ERROR,
  };
}
