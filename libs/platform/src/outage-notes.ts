import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from './logging.js';

/** An exporter that logs when spans cannot be sent, and when they can again: once per outage. */
export class OutageNotes implements SpanExporter {
  private reachable = true;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger | undefined,
  ) {}

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.exporter.export(spans, (result) => {
      this.note(result.error);
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private note(error: Error | undefined): void {
    if (error !== undefined && this.reachable) this.logger?.warn('spans cannot be sent to the collector; they are dropped until it answers', { reason: error.message });
    if (error === undefined && !this.reachable) this.logger?.info('spans reach the collector again');
    this.reachable = error === undefined;
  }
}
