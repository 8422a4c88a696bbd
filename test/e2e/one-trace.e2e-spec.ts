import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type OtelCollectorServer, startOtelCollector } from '@gpt4video/testing/servers/otel-collector';
import { type PrometheusServer, startPrometheus } from '@gpt4video/testing/servers/prometheus';
import { allSpans } from '../architecture/telemetry/all-spans.js';
import { type ExportedSpan, exportedSpans } from '../architecture/telemetry/exported-spans.js';
import { edgesOf } from '../architecture/telemetry/span-edges.js';
import { EDGES, RARE_EDGES, SIGNALS } from '../architecture/telemetry/telemetry-table.js';
import { SeparateProcesses } from './separate-processes.js';
import { json, until } from './server-process.js';

const root = resolve(import.meta.dirname, '../..');

interface Completion {
  readonly choices: readonly { readonly message: { readonly videos?: readonly { readonly id: string }[] } }[];
}

describe('services as processes of their own, on Kafka', () => {
  let folder: string;
  let collector: OtelCollectorServer;
  let services: SeparateProcesses;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpt4video-one-trace-'));
    collector = await startOtelCollector({ folder, configuration: join(root, 'deploy/otel-collector.yaml'), env: { TELEMETRY_FILE: join(folder, 'telemetry.jsonl') } });
    services = await SeparateProcesses.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    prometheus = await startPrometheus({ folder: join(folder, 'prometheus'), configuration: scraping(services) });
  }, 600_000);
  afterAll(async () => {
    await prometheus.stop();
    await services.remove();
    await collector.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const post = (path: string, body: unknown) => services.request(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const spans = () => exportedSpans(join(folder, 'telemetry.jsonl'));
  const traceOf = (response: Response) => response.headers.get('traceresponse')?.split('-')[1] ?? '';
  const servicesIn = (all: readonly ExportedSpan[], trace: string) => [...new Set(all.filter(({ traceId }) => traceId === trace).map(({ service }) => service))].toSorted();

  it('keep one trace from the upload over Kafka through every stage', async () => {
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', new Blob([new Uint8Array(await readFile(join(root, 'models/cartoon/samples/red-star.mp4')))]), 'clip.mp4');
    const uploaded = await services.request('/v1/files', { method: 'POST', body: form });
    const { id } = await json<{ id: string }>(uploaded);
    await until(async () => json<{ status: string }>(await services.request(`/v1/files/${id}`)), ({ status }) => status === 'processed');
    const seen = await until(spans, (all) => servicesIn(all, traceOf(uploaded)).length >= 5 && all.some(({ name, traceId }) => name === 'process video.understood' && traceId === traceOf(uploaded)), 15_000);
    expect(servicesIn(seen, traceOf(uploaded))).toEqual(['abstractor', 'clip-encoder', 'frame-extractor', 'gateway', 'safety']);
    const facts = seen.filter(({ kind }) => kind === 'PRODUCER' || kind === 'CONSUMER');
    expect([...new Set(facts.map(({ attributes }) => attributes['messaging.system']))]).toEqual(['kafka']);
  }, 120_000);

  it('keep one trace from the turn to the film that it asked for', async () => {
    const [file] = (await json<{ data: { id: string }[] }>(await services.request('/v1/files'))).data;
    const content = [{ type: 'video_url', video_url: { url: `file:${file?.id}` } }, { type: 'text', text: 'Make one like this, but blue.' }];
    const answered = await post('/v1/chat/completions', { model: 'cartoon', temperature: 0, seed: 1, messages: [{ role: 'user', content }] });
    const [film] = (await json<Completion>(answered)).choices[0]?.message.videos ?? [];
    await until(async () => json<{ status: string }>(await services.request(`/v1/videos/${film?.id}`)), ({ status }) => status === 'completed', 120_000);
    const seen = await until(spans, (all) => all.some(({ name, traceId }) => name === 'generate_content film' && traceId === traceOf(answered)), 15_000);
    expect(servicesIn(seen, traceOf(answered))).toEqual(expect.arrayContaining(['dialogue', 'gateway', 'safety', 'video-generator']));
  }, 180_000);

  it('are scraped by Prometheus, which leads from latencies to traces that the collector has', async () => {
    const up = await until(() => prometheus.query('up == 1'), (series) => series.length === Object.keys(SIGNALS).length, 20_000);
    expect(up.map(({ labels }) => labels['job']).toSorted()).toEqual(Object.keys(SIGNALS).toSorted());
    const traces = await until(() => exemplarTraces(prometheus, 'gpt4video_rpc_duration_seconds_bucket'), (found) => found.length > 0, 20_000);
    const kept = new Set((await spans()).map(({ traceId }) => traceId));
    expect(traces.filter((trace) => !kept.has(trace))).toEqual([]);
    const tokens = await prometheus.query('sum(gpt4video_dialogue_tokens_total{kind="completion"})');
    expect(tokens[0]?.value).toBeGreaterThan(0);
  }, 60_000);

  it('show no edge that the table does not know, and exit 0', async () => {
    expect(await services.stop()).toEqual(Object.keys(SIGNALS).map(() => 0));
    const known = [...EDGES, ...RARE_EDGES];
    const all = await allSpans(collector, join(folder, 'telemetry.jsonl'));
    expect(edgesOf(all, '').filter((edge) => !known.includes(edge))).toEqual([]);
  }, 60_000);
});

function scraping({ processes }: SeparateProcesses): string {
  const jobs = processes.map(({ app, ports }) => `  - job_name: ${app}\n    static_configs: [{targets: ['127.0.0.1:${ports.health}']}]`);
  return `global: {scrape_interval: 1s}\nscrape_configs:\n${jobs.join('\n')}\n`;
}

async function exemplarTraces(prometheus: PrometheusServer, query: string): Promise<readonly string[]> {
  const now = Date.now() / 1_000;
  const response = await fetch(`${prometheus.url}/api/v1/query_exemplars?query=${query}&start=${now - 300}&end=${now + 5}`);
  const { data } = (await response.json()) as { data: { exemplars: { labels: { trace_id: string } }[] }[] };
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
}
