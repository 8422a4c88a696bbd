import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { SPAN_ATTRIBUTES, SPAN_EVENTS } from '@gpt4video/platform/span-attributes';
import { declaredSeries } from '../helm/rig/declared-metrics.js';
import { TEST_KEY } from '../e2e/server-process.js';
import { edgesOf } from './telemetry/span-edges.js';
import { CLIENT_TRACE, MARKS, type Telemetry, TelemetryRun } from './telemetry/telemetry-run.js';
import { EDGES, RARE_EDGES, REQUIRED, SIGNALS } from './telemetry/telemetry-table.js';

const root = resolve(import.meta.dirname, '../..');

describe('the telemetry of a real run', () => {
  let run: TelemetryRun;
  let told: Telemetry;

  beforeAll(async () => {
    run = await TelemetryRun.start();
    await run.secondDay(await run.firstDay());
    told = await run.telemetry();
  }, 600_000);
  afterAll(() => run.remove());

  const servicesIn = (traceId: string) => [...new Set(told.spans.filter((span) => span.traceId === traceId).map(({ service }) => service))].toSorted();

  it('has spans of exactly the kinds that the table says, from each service', () => {
    const seen = Object.fromEntries(Object.keys(SIGNALS).map((service) => [service, [...new Set(told.spans.filter((span) => span.service === service).map(({ kind }) => kind))].toSorted()]));
    expect(seen).toEqual(Object.fromEntries(Object.entries(SIGNALS).map(([service, { spans }]) => [service, spans.toSorted()])));
    expect([...new Set(told.spans.map(({ service }) => service))].toSorted()).toEqual(Object.keys(SIGNALS).toSorted());
  });

  it('shows every edge of the table and no other', () => {
    const seen = edgesOf(told.spans, CLIENT_TRACE.spanId);
    expect(seen.filter((edge) => !RARE_EDGES.includes(edge))).toEqual(EDGES.toSorted());
  });

  it('is one trace from the client over calls and facts to the film worker', () => {
    expect(servicesIn(CLIENT_TRACE.traceId)).toEqual(Object.keys(SIGNALS).toSorted());
    expect(run.traceresponse).toMatch(new RegExp(`^00-${CLIENT_TRACE.traceId}-[0-9a-f]{16}-01$`));
    const film = told.spans.find(({ name, traceId }) => name === 'generate_content film' && traceId === CLIENT_TRACE.traceId);
    expect(film?.attributes['gpt4video.generation.outcome']).toBe('completed');
  });

  it('is one trace from an upload over the facts of every stage', () => {
    const upload = told.spans.find(({ name, attributes }) => name === 'POST /v1/files' && attributes['http.response.status_code'] === '200');
    expect(servicesIn(upload?.traceId ?? '')).toEqual(['abstractor', 'clip-encoder', 'frame-extractor', 'gateway', 'safety']);
  });

  it.each(REQUIRED)('follows the semantic conventions in spans of $of', ({ matches, attributes }) => {
    const spans = told.spans.filter(matches);
    expect(spans).not.toEqual([]);
    for (const span of spans) expect(Object.keys(span.attributes)).toEqual(expect.arrayContaining([...attributes]));
  });

  it('holds no attribute and no event that was not declared', () => {
    const events = told.spans.flatMap((span) => span.events);
    const attributes = [...told.spans, ...events].flatMap((each) => Object.keys(each.attributes));
    expect(attributes.filter((name) => !Object.hasOwn(SPAN_ATTRIBUTES, name))).toEqual([]);
    expect([...new Set(events.map(({ name }) => name))]).toEqual(Object.keys(SPAN_EVENTS));
  });

  it('emits every declared metric, and none that was not declared', async () => {
    const declared = [...(await declaredSeries()).keys()].map(familyOf);
    const emitted = [...told.metrics.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    expect(emitted.filter((name) => name.startsWith('gpt4video_')).toSorted().filter(isFirst)).toEqual(declared.toSorted().filter(isFirst));
    expect(emitted.filter((name) => !/^(gpt4video|process|nodejs)_/.test(name))).toEqual([]);
    for (const { metrics } of Object.values(SIGNALS)) expect(emitted.some((name) => name.startsWith(metrics))).toBe(true);
  });

  it('leads from the buckets of histograms to traces that the collector has', () => {
    expect(told.contentType).toContain('application/openmetrics-text');
    const traces = new Set(told.spans.map(({ traceId }) => traceId));
    for (const metric of ['gpt4video_rpc_duration_seconds', 'gpt4video_gateway_request_duration_seconds', 'gpt4video_dialogue_first_token_seconds', 'gpt4video_video_generator_stage_seconds']) {
      const exemplars = [...told.metrics.matchAll(new RegExp(`^${metric}_bucket\\{.*# \\{trace_id="([0-9a-f]{32})"`, 'gm'))].map(([, traceId = '']) => traceId);
      expect([metric, exemplars.length > 0, exemplars.filter((id) => !traces.has(id))]).toEqual([metric, true, []]);
    }
  });

  it('logs under the name of the service, with the trace of the work', () => {
    const lines = told.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [service, { logs }] of Object.entries(SIGNALS)) {
      const mine = lines.filter(({ app }) => app === service);
      if (logs === 'always') expect([service, mine.length > 0]).toEqual([service, true]);
      expect(mine.filter(({ trace_id: trace, span_id: span }) => typeof trace !== 'string' || typeof span !== 'string')).toEqual([]);
    }
  });

  it('holds no prompt, caption, frame, key or file name', async () => {
    const clip = await readFile(join(root, 'models/cartoon/samples/red-star.mp4'));
    const bytes = clip.subarray(1_200, 1_224);
    const marks = [...Object.values(MARKS), ...run.made, TEST_KEY, bytes.toString('hex'), bytes.toString('base64').slice(0, -4), clip.subarray(4, 12).toString('latin1')];
    const out = { collector: told.collected, metrics: told.metrics, logs: told.logs.join('\n') };
    const found = Object.entries(out).flatMap(([where, text]) => marks.filter((mark) => text.includes(mark)).map((mark) => `${where}: ${mark}`));
    expect(found).toEqual([]);
    expect(Object.values(out).map((text) => text.length > 1_000)).toEqual([true, true, true]);
  });

  it('was sent to the end before each process exited', () => {
    expect(run.exitCodes).toEqual([0, 0]);
    const ended = told.spans.filter(({ name }) => name === 'generate_content film').map(({ attributes }) => attributes['gpt4video.generation.outcome']);
    expect(ended).toEqual([expect.stringMatching(/^(completed|released)$/), 'completed']);
  });
});

it('the page of telemetry is what the declarations make of it', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/telemetry/main.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

/** The family of a series: a histogram's has no suffix, and OpenMetrics leaves `_total` off a counter's. */
function familyOf(series: string): string {
  return series.replace(/_(bucket|sum|count|total)$/, '');
}

function isFirst(name: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(name) === index;
}
