import { type Attributes, context, type Context, propagation, ROOT_CONTEXT, type Span, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { toDomainError } from '@gpt4video/ports/errors';

/** How a process traces. */
export interface TracingOptions {
  readonly app: string;
  /** True when `OTEL_EXPORTER_OTLP_ENDPOINT` is configured; its companions (`_HEADERS`, `_PROTOCOL`) are read by the SDK. */
  readonly exportSpans: boolean;
  /** Where finished spans go instead of the configured exporter. */
  readonly spanProcessors?: NodeSDKConfiguration['spanProcessors'];
}

/** A started tracer. */
export interface Tracing {
  /** Sends what is left and stops. */
  shutdown(): Promise<void>;
}

/** Starts spans with W3C propagation. Without an endpoint spans are made (so that logs carry ids) but leave the process nowhere. */
export function startTracing({ app, exportSpans, spanProcessors }: TracingOptions): Tracing {
  const processors = spanProcessors ?? (exportSpans ? undefined : [NOWHERE]);
  const sdk = new NodeSDK({
    serviceName: app,
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    ...(processors === undefined ? {} : { spanProcessors: processors }),
  });
  sdk.start();
  return { shutdown: () => sdk.shutdown() };
}

/** Runs `work` in a child of the current span; what it throws marks the span and is thrown on. */
export async function withSpan<Result>(name: string, attributes: Attributes, work: (span: Span) => Promise<Result>): Promise<Result> {
  const { span, within } = openSpan(name, { attributes });
  try {
    return await context.with(within, () => work(span));
  } catch (thrown) {
    markFailed(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** Starts a span under `parent` and the context in which its work runs; the caller ends it. */
export function openSpan(name: string, options: SpanOptions, parent: Context = context.active()): { readonly span: Span; readonly within: Context } {
  const span = trace.getTracer('gpt4video').startSpan(name, options, parent);
  return { span, within: trace.setSpan(parent, span) };
}

/** Marks a span with the stable code of what was thrown; only faults on our side count as errors. */
export function markFailed(span: Span, thrown: unknown): void {
  const error = toDomainError(thrown);
  span.setAttribute('error.type', error.code);
  if (error.logLevel === 'info' || error.logLevel === 'debug') return;
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
}

/** W3C `traceparent` of the current span, if there is one. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

/** The context that a `traceparent` describes; the root when it is absent or malformed. */
export function contextOf(traceparent: string | undefined): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number];

// The SDK registers no tracer at all when it has no processor.
const NOWHERE: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
