import { readFile } from 'node:fs/promises';

/** What a span is: OTLP's numbers by name. */
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;

/** A span as the collector got it. */
export interface ExportedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
}

/** Reads what a collector's file exporter wrote: lines of OTLP JSON. A last line that is still being written is left out. */
export async function exportedSpans(file: string): Promise<readonly ExportedSpan[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').flatMap((line) => spansOf(JSON.parse(line) as OtlpTraces));
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly name: string;
  readonly kind?: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly OtlpAttribute[] }[];
}

interface OtlpTraces {
  readonly resourceSpans?: readonly { readonly resource: { readonly attributes?: readonly OtlpAttribute[] }; readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

function spansOf({ resourceSpans = [] }: OtlpTraces): readonly ExportedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes ?? [])['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(service, span)));
  });
}

function toSpan(service: string, { name, kind = 0, traceId, spanId, parentSpanId = '', attributes = [], events = [] }: OtlpSpan): ExportedSpan {
  const told = events.map((event) => ({ name: event.name, attributes: valuesOf(event.attributes ?? []) }));
  return { service, name, kind: KINDS[kind] ?? 'UNSPECIFIED', traceId, spanId, parentSpanId, attributes: valuesOf(attributes), events: told };
}

function valuesOf(attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
