import { context, trace, TraceFlags } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type LabelValues, type OpenMetricsContentType, type Registry } from 'prom-client';

/** What an instrument is called and how it is split. */
export interface InstrumentShape<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly registry: Registry<OpenMetricsContentType>;
}

type Value<Label extends string> = [value: number] | [labels: LabelValues<Label>, value: number];
type TraceLabel = 'trace_id' | 'span_id';

/** Most combinations of label values of one metric; what comes after them is counted together, under `other`. */
export const MAX_SERIES = 300;

/** Counts up. */
export class BoundedCounter<Label extends string> {
  private readonly counter: Counter<Label>;
  private readonly series = new SeriesBound<Label>();

  constructor({ name, help, labelNames, registry }: InstrumentShape<Label>) {
    this.counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  }

  /** Adds 1, or as much as is said. */
  inc(...[first = 1, by = 1]: [by?: number] | [labels: LabelValues<Label>, by?: number]): void {
    if (typeof first === 'number') this.counter.inc(first);
    else this.counter.inc(this.series.within(first), by);
  }
}

/** Goes up and down. */
export class BoundedGauge<Label extends string> {
  private readonly gauge: Gauge<Label>;
  private readonly series = new SeriesBound<Label>();

  constructor({ name, help, labelNames, registry }: InstrumentShape<Label>) {
    this.gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  }

  set(...[first, value]: Value<Label>): void {
    if (typeof first === 'number') this.gauge.set(first);
    else this.gauge.set(this.series.within(first), value ?? 0);
  }

  inc(labels: LabelValues<Label> = {}): void {
    this.gauge.inc(this.series.within(labels));
  }

  dec(labels: LabelValues<Label> = {}): void {
    this.gauge.dec(this.series.within(labels));
  }
}

/** Keeps how values are spread, each bucket with the trace of the last value in it. */
export class TracedHistogram<Label extends string> {
  private readonly histogram: Histogram<Label | TraceLabel>;
  private readonly series = new SeriesBound<Label>();

  constructor({ name, help, labelNames, registry }: InstrumentShape<Label>, buckets: readonly number[]) {
    this.histogram = new Histogram<Label | TraceLabel>({ name, help, labelNames: [...labelNames], registers: [registry], buckets: [...buckets], enableExemplars: true });
  }

  observe(...[first, value]: Value<Label>): void {
    const [labels, seen] = typeof first === 'number' ? [{}, first] : [this.series.within(first), value ?? 0];
    this.histogram.observe({ labels: labels as LabelValues<Label | TraceLabel>, value: seen, exemplarLabels: keptTrace() as LabelValues<Label | TraceLabel> });
  }

  /** The returned function observes the seconds since now. */
  startTimer(labels: LabelValues<Label> = {}): () => void {
    const startedMs = performance.now();
    return () => this.observe(labels, (performance.now() - startedMs) / 1_000);
  }
}

/** Holds a metric to a bounded number of series, whatever its labels are fed with. */
class SeriesBound<Label extends string> {
  private readonly known = new Set<string>();

  within(labels: LabelValues<Label>): LabelValues<Label> {
    const series = JSON.stringify(labels);
    if (this.known.has(series)) return labels;
    if (this.known.size >= MAX_SERIES) return Object.fromEntries(Object.keys(labels).map((name) => [name, 'other'])) as LabelValues<Label>;
    this.known.add(series);
    return labels;
  }
}

/** The trace at hand; none when nobody keeps it, since an exemplar must lead somewhere. */
function keptTrace(): LabelValues<TraceLabel> {
  const span = trace.getSpanContext(context.active());
  return span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0 ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
