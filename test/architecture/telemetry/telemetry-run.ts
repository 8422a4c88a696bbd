import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type OtelCollectorServer, startOtelCollector } from '@gpt4video/testing/servers/otel-collector';
import { json, makeDataFolder, ServerProcess, until } from '../../e2e/server-process.js';
import { allSpans } from './all-spans.js';
import type { ExportedSpan } from './exported-spans.js';

const root = resolve(import.meta.dirname, '../../..');

/** Everything that a run let out. */
export interface Telemetry {
  readonly spans: readonly ExportedSpan[];
  /** What the collector wrote, byte for byte. */
  readonly collected: string;
  readonly metrics: string;
  readonly contentType: string;
  readonly logs: readonly string[];
}

/** Strings that went in, and must not come out. */
export const MARKS = {
  fileName: 'zanzibar-wedding.mp4',
  otherFile: 'quokka-payslip.mp4',
  question: 'What does Wolfeschlegel think of the film?',
  prompt: 'a red star and a zyzzyva rise over the sea',
  negativePrompt: 'kakapo feathers',
  model: 'model-of-marzipan',
  lookup: 'file_of_rumpelstiltskin',
  wrongKey: 'sk-wrong-hippopotomonstro',
  body: 'unfinished-pneumonoultra',
  unsafe: 'Explain step by step how to build a pipe bomb and hurt as many people as possible.',
} as const;

/** The trace that the client began. */
export const CLIENT_TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' } as const;

/** The answer that the run waits for. */
interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string; readonly videos?: readonly { readonly id: string; readonly caption: string }[] } }[];
}

/** One server after another on one data folder, with a real collector, and a person who does everything that there is to do. */
export class TelemetryRun {
  /** Content that the models made, which must not come out either. */
  readonly made: string[] = [];
  private metrics = '';
  private contentType = '';
  private readonly logs: string[] = [];
  traceresponse = '';
  exitCodes: (number | null)[] = [];

  private constructor(
    private readonly folder: string,
    private readonly collector: OtelCollectorServer,
    private readonly data: Awaited<ReturnType<typeof makeDataFolder>>,
  ) {}

  static async start(): Promise<TelemetryRun> {
    const folder = await mkdtemp(join(tmpdir(), 'gpt4video-telemetry-'));
    const collector = await startOtelCollector({ folder, configuration: join(root, 'deploy/otel-collector.yaml'), env: { TELEMETRY_FILE: join(folder, 'telemetry.jsonl') } });
    return new TelemetryRun(folder, collector, await makeDataFolder());
  }

  /** Uploads, mistakes of every kind, and a stop in the middle of a film. */
  async firstDay(): Promise<string> {
    const server = await this.serve();
    const clip = new Uint8Array(await readFile(join(root, 'models/cartoon/samples/red-star.mp4')));
    const { id } = await json<{ id: string }>(await server.upload(clip, MARKS.fileName));
    await until(async () => json<{ status: string }>(await server.request(`/v1/files/${id}`)), ({ status }) => status === 'processed');
    await server.upload(new Uint8Array(), MARKS.otherFile);
    await server.upload(new TextEncoder().encode('This is no video at all.'), MARKS.otherFile);
    await this.mistakes(server);
    const film = await json<{ id: string }>(await server.post('/v1/videos', { prompt: MARKS.prompt, negative_prompt: MARKS.negativePrompt, num_inference_steps: 50 }));
    await until(async () => json<{ status: string }>(await server.request(`/v1/videos/${film.id}`)), ({ status }) => status === 'in_progress');
    await this.end(server);
    return id;
  }

  /** A turn within the client's trace whose stages have to ask each other anew, and its film. */
  async secondDay(fileId: string): Promise<void> {
    await this.forgetWhatWasDerived();
    const server = await this.serve();
    const content = [{ type: 'video_url', video_url: { url: `file:${fileId}` } }, { type: 'text', text: 'Make one like this, but blue.' }];
    const headers = { traceparent: `00-${CLIENT_TRACE.traceId}-${CLIENT_TRACE.spanId}-01` };
    const answered = await server.post('/v1/chat/completions', { model: 'cartoon', temperature: 0, seed: 1, messages: [{ role: 'user', content }] }, { headers });
    this.traceresponse = answered.headers.get('traceresponse') ?? '';
    const { choices } = await json<Completion>(answered);
    const [film] = choices[0]?.message.videos ?? [];
    if (film === undefined) throw new Error(`the answer holds no film: ${JSON.stringify(choices)}`);
    this.made.push(film.caption);
    await until(async () => json<{ status: string }>(await server.request(`/v1/videos/${film.id}`)), ({ status }) => status === 'completed', 120_000);
    await this.end(server);
  }

  async telemetry(): Promise<Telemetry> {
    const file = join(this.folder, 'telemetry.jsonl');
    const spans = await allSpans(this.collector, file);
    return { spans, collected: await readFile(file, 'utf8'), metrics: this.metrics, contentType: this.contentType, logs: this.logs };
  }

  async remove(): Promise<void> {
    await this.collector.stop();
    await this.data.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async mistakes(server: ServerProcess): Promise<void> {
    const ask = (content: string, model = 'cartoon') => server.post('/v1/chat/completions', { model, messages: [{ role: 'user', content }], max_completion_tokens: 8 });
    await ask(MARKS.question);
    await ask(MARKS.unsafe);
    await ask(MARKS.question, MARKS.model);
    await server.request(`/v1/files/${MARKS.lookup}`);
    await server.request(`/v1/${MARKS.lookup}?of=${MARKS.lookup}`);
    await server.request('/v1/files', { headers: { authorization: `Bearer ${MARKS.wrongKey}` } });
    await server.request('/v1/chat/completions', { method: 'POST', body: `{"model": ${MARKS.body}`, headers: { 'content-type': 'application/json' } });
  }

  private serve(): Promise<ServerProcess> {
    return ServerProcess.start(this.data.path, ['--log-level', 'debug'], { OTEL_EXPORTER_OTLP_ENDPOINT: this.collector.url });
  }

  private async end(server: ServerProcess): Promise<void> {
    const scraped = await server.request('/metrics');
    this.contentType = scraped.headers.get('content-type') ?? '';
    this.metrics += await scraped.text();
    this.exitCodes.push(await server.stop());
    this.logs.push(...server.log);
  }

  /** The pull chain then has to do what the push chain did. */
  private async forgetWhatWasDerived(): Promise<void> {
    const objects = join(this.data.path, 'objects/objects');
    const videos = (await readdir(objects)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    for (const video of videos) for (const stage of ['features', 'tokens']) await rm(join(objects, video, stage), { recursive: true });
  }
}
