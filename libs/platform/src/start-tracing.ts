import { context, propagation, trace, type Tracer, type TracerProvider as TracerSource } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, type SpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from './logging.js';
import { OutageNotes } from './outage-notes.js';
import { RECENT_SPANS } from './recent-spans.js';

/** How a process traces. */
export interface TracingOptions {
  /** Name of the process, and of the service that its spans belong to where none is named. */
  readonly app: string;
  /** URL of a collector that takes OTLP over HTTP; without one spans are made, so that logs carry ids and the last can be looked at, but leave the process nowhere. */
  readonly endpoint?: string | undefined;
  /** Share of the traces that begin here and are kept, 0 to 1; traces that begin elsewhere are kept as their caller decided. */
  readonly ratio?: number | undefined;
  /** Told when spans cannot be sent, and when they can again. */
  readonly logger?: Logger;
  /** Where finished spans go instead of the endpoint. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

/** A started tracer. */
export interface Tracing {
  /** Sends what is left, for at most five seconds, and stops. */
  shutdown(): Promise<void>;
}

/** Starts spans with W3C propagation. Each service of the process has its own `service.name`, whichever process it runs in. */
export function startTracing(options: TracingOptions): Tracing {
  const outward = options.spanProcessors ?? (options.endpoint === undefined ? [] : [toCollector(options.endpoint, options.logger)]);
  const processors = [RECENT_SPANS, ...outward];
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new ServiceTracers(options.app, new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio ?? 1) }), processors));
  // Spans that cannot be sent are told of by the notes; they must not spoil an orderly exit.
  return { shutdown: async () => void (await Promise.allSettled(processors.map((processor) => processor.shutdown()))) };
}

const EXPORT_TIMEOUT_MS = 5_000;

/** Gives each service the tracer of its own resource; all share one way out. */
class ServiceTracers implements TracerSource {
  private readonly providers = new Map<string, TracerProvider>();

  constructor(
    private readonly app: string,
    private readonly sampler: ParentBasedSampler,
    private readonly processors: readonly SpanProcessor[],
  ) {}

  getTracer(service: string): Tracer {
    return this.providerOf(service === '' ? this.app : service).getTracer('gpt4video');
  }

  private providerOf(service: string): TracerProvider {
    const known = this.providers.get(service);
    if (known !== undefined) return known;
    const resource = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'gpt4video', 'service.instance.id': `${this.app}-${process.pid}` });
    const provider = new TracerProvider({ resource, sampler: this.sampler, spanProcessors: [...this.processors] });
    this.providers.set(service, provider);
    return provider;
  }
}

function toCollector(endpoint: string, logger: Logger | undefined): SpanProcessor {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  return new BatchSpanProcessor({ exporter: new OutageNotes(exporter, logger), exportTimeoutMillis: EXPORT_TIMEOUT_MS, scheduledDelayMillis: 1_000 });
}
