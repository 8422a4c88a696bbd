import type { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Keeps finished spans in memory. */
export class SpanRecorder implements SpanProcessor {
  readonly spans: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  /** The finished span of this name, and kind where one is given. Throws when there is not exactly one. */
  only(name: string, kind?: SpanKind): ReadableSpan {
    const [span, ...more] = this.spans.filter((candidate) => candidate.name === name && (kind === undefined || candidate.kind === kind));
    if (span === undefined || more.length > 0) throw new Error(`wanted one span "${name}" among: ${this.spans.map((candidate) => candidate.name).join(', ')}`);
    return span;
  }
}
