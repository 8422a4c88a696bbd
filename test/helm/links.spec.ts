import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@gpt4video/platform/logging';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { context, trace } from '@opentelemetry/api';
import { Metrics, declareMetrics } from '@gpt4video/platform/metrics';
import { parse } from 'yaml';
import { z } from 'zod';
import { declaredSeries } from './rig/declared-metrics.js';
import { FOREIGN_METRICS } from './rig/foreign-metrics.js';
import { dashboards, MONITORING } from './rig/monitoring.js';
import { selectorsOf } from './rig/promql.js';

const source = z.looseObject({ uid: z.string(), type: z.string(), jsonData: z.looseObject({}) });
const sources = new Map(z.object({ datasources: z.array(source) }).parse(parse(readFileSync(join(MONITORING, 'grafana-datasources.yaml'), 'utf8'))).datasources.map((each) => [each.type, each]));
const of = <Shape extends z.ZodType>(type: string, shape: Shape): z.output<Shape> => shape.parse(sources.get(type)?.jsonData);

const SPAN = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1 };

describe('the way from one signal to the other', () => {
  const prometheus = of('prometheus', z.object({ exemplarTraceIdDestinations: z.array(z.object({ name: z.string(), datasourceUid: z.string() })) }));
  const tempo = of('tempo', z.looseObject({ tracesToLogsV2: z.looseObject({ datasourceUid: z.string(), query: z.string() }), tracesToMetrics: z.looseObject({ datasourceUid: z.string(), queries: z.array(z.object({ query: z.string() })) }) }));
  const loki = of('loki', z.object({ derivedFields: z.array(z.looseObject({ matcherRegex: z.string(), datasourceUid: z.string() })) }));
  const inTrace = <T>(work: () => T): T => context.with(trace.setSpan(context.active(), trace.wrapSpanContext(SPAN)), work);

  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it('leads to sources that exist', () => {
    const named = [...prometheus.exemplarTraceIdDestinations, ...loki.derivedFields, tempo.tracesToLogsV2, tempo.tracesToMetrics].map(({ datasourceUid }) => datasourceUid);
    expect([...sources.values()].map(({ uid }) => uid)).toEqual(expect.arrayContaining(named));
  });

  it('goes from a graph to a trace by the label that our exemplars have', async () => {
    const metrics = new Metrics();
    const { seconds } = metrics.use(declareMetrics('links', { seconds: { type: 'histogram', help: 'Seconds.' } }));
    inTrace(() => seconds.observe(0.2));
    for (const { name } of prometheus.exemplarTraceIdDestinations) expect(await metrics.text()).toContain(`${name}="${SPAN.traceId}"`);
    // Only buckets have exemplars, and every panel that reads them asks for them.
    const targets = [...dashboards().values()].flatMap(({ panels }) => panels.flatMap((panel) => panel.targets ?? []));
    expect(targets.filter(({ expr, ['exemplar']: exemplar }) => expr.includes('_bucket') !== exemplar)).toEqual([]);
  });

  it('goes from a line to its trace, and from a trace to its lines', () => {
    const lines: string[] = [];
    const logger = createLogger({ app: 'dialogue', level: 'info', format: 'json', write: (line) => lines.push(line) });
    inTrace(() => logger.info('answered'));
    for (const { matcherRegex } of loki.derivedFields) expect(new RegExp(matcherRegex).exec(lines[0] ?? '')?.[1]).toBe(SPAN.traceId);
    const [, sought = ''] = /\|= "([^"]+)"/.exec(tempo.tracesToLogsV2.query.replace('$${__trace.traceId}', SPAN.traceId)) ?? [];
    expect(lines[0]).toContain(sought);
    expect(sought).toBe(SPAN.traceId);
  });

  it('goes from a trace to metrics that its service has', async () => {
    const known = [...(await declaredSeries()).keys(), ...(FOREIGN_METRICS['prom-client'] ?? [])];
    const asked = tempo.tracesToMetrics.queries.flatMap(({ query }) => selectorsOf(query.replace('$$__tags', 'job="x"')).map(({ metric }) => metric));
    expect(asked.length).toBeGreaterThan(2);
    expect(known).toEqual(expect.arrayContaining(asked));
  });

  it('goes from every panel to the lines of its time', () => {
    const panels = [...dashboards().values()].flatMap((each) => each.panels.filter(({ type }) => type !== 'row'));
    expect(panels.length).toBeGreaterThan(40);
    for (const panel of panels) expect(JSON.stringify(panel['fieldConfig'])).toContain('/explore?left=');
  });
});
