import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { BoundedCounter, BoundedGauge, TracedHistogram } from './instruments.js';

/** One metric: its kind, what it tells, and the labels that split it. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram, in the unit of its name; `LATENCY_BUCKETS` when absent. */
  readonly buckets?: readonly number[];
}

/** A declaration with its full name. */
export type NamedMetric = MetricDeclaration & { readonly name: string };

/** Metrics by key, each with its full name; alerts and dashboards may use only names that stand in such a table. */
export type DeclaredMetrics<Table extends MetricTable> = { readonly [Key in keyof Table]: Table[Key] & { readonly name: string } };

/** The live instruments of a declaration. */
export type Instruments<Table extends MetricTable> = { readonly [Key in keyof Table]: Instrument<Table[Key]> };

type MetricTable = Readonly<Record<string, MetricDeclaration>>;
type LabelsOf<Declared extends MetricDeclaration> = Declared['labels'] extends readonly (infer Label extends string)[] ? Label : never;
type Instrument<Declared extends MetricDeclaration> = Declared['type'] extends 'counter'
  ? BoundedCounter<LabelsOf<Declared>>
  : Declared['type'] extends 'gauge'
    ? BoundedGauge<LabelsOf<Declared>>
    : TracedHistogram<LabelsOf<Declared>>;
type AnyInstrument = BoundedCounter<string> | BoundedGauge<string> | TracedHistogram<string>;

/** Seconds from a millisecond to two minutes. */
export const LATENCY_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;

/** Declares metrics named `gpt4video_{prefix}_{key}`, the key in snake case; write `framesTotal` for a counter, `durationSeconds` for seconds. */
export function declareMetrics<const Table extends MetricTable>(prefix: string, table: Table): DeclaredMetrics<Table> {
  const named = Object.entries(table).map(([key, metric]) => [key, { ...metric, name: `gpt4video_${prefix}_${snakeCase(key)}` }]);
  return Object.fromEntries(named) as DeclaredMetrics<Table>;
}

/** The metrics of one process; one instance a process, injected. Nothing is emitted that was not declared. */
export class Metrics {
  private readonly registry = new Registry<OpenMetricsContentType>();
  private readonly live = new Map<string, AnyInstrument>();
  private readonly refreshes: (() => void)[] = [];

  constructor() {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  }

  /** The instruments of a declaration, registered on first use. */
  use<Table extends MetricTable>(declared: DeclaredMetrics<Table>): Instruments<Table> {
    const live = Object.entries(declared).map(([key, metric]) => [key, this.live.get(metric.name) ?? this.register(metric)]);
    return Object.fromEntries(live) as Instruments<Table>;
  }

  /** Calls back before each scrape, to set gauges that are looked up rather than counted. */
  onScrape(refresh: () => void): void {
    this.refreshes.push(refresh);
  }

  /** Adds CPU, memory, garbage collection and event-loop lag under Prometheus' customary names. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Everything in the OpenMetrics text format, the one that carries exemplars. */
  text(): Promise<string> {
    for (const refresh of this.refreshes) refresh();
    return this.registry.metrics();
  }

  /** Media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  private register({ name, help, labels = [], type, buckets = LATENCY_BUCKETS }: NamedMetric): AnyInstrument {
    const shape = { name, help, labelNames: labels, registry: this.registry };
    const instrument = type === 'counter' ? new BoundedCounter(shape) : type === 'gauge' ? new BoundedGauge(shape) : new TracedHistogram(shape, buckets);
    this.live.set(name, instrument);
    return instrument;
  }
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
