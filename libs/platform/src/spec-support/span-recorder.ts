import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];
type FinishedSpan = Parameters<SpanProcessor['onEnd']>[0];

/** Keeps finished spans in memory. */
export class SpanRecorder implements SpanProcessor {
  readonly spans: FinishedSpan[] = [];

  onStart(): void {}

  onEnd(span: FinishedSpan): void {
    this.spans.push(span);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  /** The finished span of this name. Throws when there is not exactly one. */
  only(name: string): FinishedSpan {
    const [span, ...more] = this.spans.filter((candidate) => candidate.name === name);
    if (span === undefined || more.length > 0) throw new Error(`wanted one span "${name}" among: ${this.spans.map((candidate) => candidate.name).join(', ')}`);
    return span;
  }
}
