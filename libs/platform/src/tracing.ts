import { randomBytes } from 'node:crypto';
import { context, type Context, createContextKey, propagation, ROOT_CONTEXT, type Span, type SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { toDomainError } from '@gpt4video/ports/errors';
import type { SpanAttributes, SpanEventName } from './span-attributes.js';

/** How a span starts. */
export interface SpanStart {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
  /** Where it belongs; the current work when absent. */
  readonly parent?: Context;
  /** Service that does the work, where it is not that of the parent; one process may hold several. */
  readonly service?: string;
}

/** Runs `work` in a child of the current span; what it throws marks the span and is thrown on. */
export async function withSpan<Result>(name: string, start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
  const span = openSpan(name, start);
  try {
    return await span.run(() => work(span));
  } catch (thrown) {
    span.fail(thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** Starts a span; whoever opens it ends it. */
export function openSpan(name: string, { kind, attributes = {}, parent = context.active(), service = serviceOf(parent) }: SpanStart = {}): OpenSpan {
  // The tracer's name is the service, which startTracing makes the span's resource.
  const span = trace.getTracer(service ?? '').startSpan(name, { ...(kind === undefined ? {} : { kind }), attributes: { ...attributes } }, parent);
  return new OpenSpan(span, asService(service, trace.setSpan(parent, span)));
}

/** A span that has not ended. It takes only declared attributes and events, so that no content gets into one. */
export class OpenSpan {
  constructor(
    private readonly span: Span,
    /** The context of the work under this span. */
    readonly within: Context,
  ) {}

  /** Runs `work`, and what it awaits, under this span. */
  run<Result>(work: () => Result): Result {
    return context.with(this.within, work);
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes({ ...attributes });
  }

  event(name: SpanEventName, attributes: SpanAttributes = {}): void {
    this.span.addEvent(name, { ...attributes });
  }

  /** Marks the span with the stable code of what was thrown; only faults on our side count as errors. */
  fail(thrown: unknown): void {
    const error = toDomainError(thrown);
    this.set({ 'error.type': error.code });
    if (error.logLevel === 'info' || error.logLevel === 'debug') return;
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
  }

  end(): void {
    this.span.end();
  }
}

/** Runs polling and probes in a trace that nobody keeps, since idle processes would fill the backend; log lines still carry its ids. */
export function untraced<Result>(work: () => Result, service?: string): Result {
  const unsampled = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), traceFlags: TraceFlags.NONE };
  return context.with(asService(service, trace.setSpanContext(ROOT_CONTEXT, unsampled)), work);
}

/** Name of the service that the work in this context belongs to, where a span said so. */
export function serviceOf(within: Context): string | undefined {
  return within.getValue(SERVICE) as string | undefined;
}

/** W3C `traceparent` of the work in this context; undefined outside of a trace. */
export function currentTraceparent(within: Context = context.active()): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(within, carrier);
  return carrier['traceparent'];
}

/** The context that a `traceparent` describes; the root when it is absent or malformed. */
export function contextOf(traceparent: string | undefined): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

const SERVICE = createContextKey('gpt4video.service');

function asService(service: string | undefined, within: Context): Context {
  return service === undefined ? within : within.setValue(SERVICE, service);
}
