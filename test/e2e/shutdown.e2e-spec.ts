import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { FramesServiceClient } from '@gpt4video/contracts/gen/gpt4video/frames/v1/frames_service';
import { callUnary, openClient } from '@gpt4video/platform/grpc-client';
import { AppProcess } from './app-process.js';
import { OtlpSink } from './otlp-sink.js';
import { json, until } from './server-process.js';

const KEY = 'sk-shutdown-0123456789';
const LAME_DUCK_MS = 1_500;
const never = new AbortController().signal;
const clip = resolve(import.meta.dirname, '../../models/cartoon/samples/red-star.mp4');

describe('SIGTERM to processes of their own', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let sink: OtlpSink;
  let silent: OtlpSink;
  let common: Record<string, string>;
  let frames: AppProcess;
  let safety: AppProcess;
  let gateway: AppProcess;
  const others: AppProcess[] = [];

  const started = async (app: string, env: Readonly<Record<string, string>> = {}): Promise<AppProcess> => {
    const process = await AppProcess.start(app, { ...common, ...env });
    others.push(process);
    return process;
  };
  const worker = (graceMs: number) =>
    started('video-generator', {
      GPT4VIDEO_GENERATION_QUEUE_ADDRESS: gateway.address,
      GPT4VIDEO_SAFETY_ADDRESS: safety.address,
      GPT4VIDEO_POLL_MS: '200',
      GPT4VIDEO_LAME_DUCK_MS: '0',
      GPT4VIDEO_RELEASE_MS: '1000',
      GPT4VIDEO_DRAIN_MS: String(graceMs),
    });
  const order = async () => (await json<{ id: string }>(await api('/v1/videos', { method: 'POST', body: JSON.stringify({ prompt: 'a yellow star rises over the sea', num_inference_steps: 50 }) }))).id;
  const api = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${gateway.ports.http}${path}`, { ...init, headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...init.headers } });
  const film = async (id: string) => json<{ status: string; progress: number }>(await api(`/v1/videos/${id}`));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpt4video-shutdown-'));
    await chmod(folder, 0o755);
    postgres = await EmbeddedPostgres.start({ directory: join(folder, 'postgres') });
    sink = await OtlpSink.start({ answers: true });
    silent = await OtlpSink.start({ answers: false });
    common = {
      GPT4VIDEO_OBJECT_FOLDER: join(folder, 'objects'),
      GPT4VIDEO_PROVENANCE_FOLDER: join(folder, 'provenance'),
      GPT4VIDEO_DATABASE_URL: connectionUrl(postgres.connection),
      GPT4VIDEO_BOOTSTRAP_KEY: KEY,
      GPT4VIDEO_LAME_DUCK_MS: String(LAME_DUCK_MS),
      GPT4VIDEO_DRAIN_MS: '10000',
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    };
    frames = await started('frame-extractor');
    safety = await started('safety', { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS: frames.address });
    gateway = await started('gateway', { GPT4VIDEO_FRAME_EXTRACTOR_ADDRESS: frames.address, GPT4VIDEO_SAFETY_ADDRESS: safety.address });
  }, 180_000);

  afterAll(async () => {
    await Promise.all(others.map((process) => process.remove()));
    await postgres.stop();
    await Promise.all([sink.stop(), silent.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('a film worker whose grace is short hands its film back; one with time ends it', async () => {
    const first = await worker(1_000);
    const id = await order();
    await until(() => film(id), ({ status }) => status === 'in_progress');
    first.signal('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect((await film(id)).status).toBe('queued');
    expect(sink.holds(Buffer.from('released'))).toBe(true);
    const second = await worker(60_000);
    await until(() => film(id), ({ status }) => status === 'in_progress');
    second.signal('SIGTERM');
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect((await film(id)).status).toBe('completed');
  }, 180_000);

  it('the gateway says "not ready", goes on, closes its door, answers whoever is inside, sends its spans, and exits 0', async () => {
    const bytes = await readFile(clip);
    const upload = slowUpload(gateway.ports.http, bytes);
    await upload.begun;
    gateway.signal('SIGTERM');
    const since = performance.now();
    await until(() => gateway.readiness(), (status) => status === 503);
    expect((await api('/v1/models')).status).toBe(200);
    expect(performance.now() - since).toBeLessThan(LAME_DUCK_MS);
    const inside = connect(gateway.ports.http, '127.0.0.1');
    await once(inside, 'connect');
    const answers: unknown[] = [];
    await until(async () => answers[answers.push(await api('/v1/models').then(({ status }) => status, ({ cause }: { cause?: { code?: string } }) => cause?.code)) - 1], (answer) => answer !== 200, 5_000);
    expect(answers.at(-1)).toBe('ECONNREFUSED');
    inside.write(`GET /v1/models HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${KEY}\r\n\r\n`);
    expect(String(await once(inside, 'data'))).toMatch(/^HTTP\/1.1 200 OK\r\n(.*\r\n)*connection: close\r\n/);
    const { status, connection, traceresponse } = await upload.finish();
    expect([status, connection]).toEqual([200, 'close']);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(sink.holds(Buffer.from(traceresponse.split('-')[1] ?? 'none', 'hex'))).toBe(true);
    expect(gateway.said('stopped')).toBe(true);
  }, 60_000);

  it('a stage says "not ready", answers meanwhile, sends its spans, and exits 0', async () => {
    const client = openClient(FramesServiceClient, frames.address);
    const ask = () => callUnary(client, 'extractFrames', { video: { bucket: 'local', key: 'uploads/nothing', sha256: 'a'.repeat(64), bytes: 1, mediaType: 'video/mp4' } }, { signal: never });
    frames.signal('SIGTERM');
    await until(() => frames.readiness(), (status) => status === 503);
    await expect(ask()).rejects.toMatchObject({ code: 'artifact_missing' });
    expect(await frames.ended).toEqual({ code: 0, signal: null });
    expect(sink.holds(Buffer.from('artifact_missing'))).toBe(true);
    client.close();
  }, 60_000);

  it('a collector that never answers holds no process up for long', async () => {
    const stage = await started('frame-extractor', { OTEL_EXPORTER_OTLP_ENDPOINT: silent.url, GPT4VIDEO_LAME_DUCK_MS: '0' });
    const client = openClient(FramesServiceClient, stage.address);
    await callUnary(client, 'extractFrames', { video: undefined }, { signal: never }).catch(() => undefined);
    const since = performance.now();
    stage.signal('SIGTERM');
    expect(await stage.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - since).toBeLessThan(8_000);
    client.close();
  }, 60_000);

  it('a process that has not started yet ends at once, with 0; a second signal ends one that drains, with 1', async () => {
    const early = await AppProcess.spawn('dialogue', common);
    others.push(early);
    await until(async () => early.said('starting'), (said) => said, 30_000);
    early.signal('SIGTERM');
    expect(await early.ended).toEqual({ code: 0, signal: null });
    const impatient = await started('frame-extractor', { GPT4VIDEO_LAME_DUCK_MS: '20000' });
    impatient.signal('SIGTERM');
    await until(() => impatient.readiness(), (status) => status === 503);
    impatient.signal('SIGTERM');
    expect(await impatient.ended).toEqual({ code: 1, signal: null });
  }, 60_000);
});

interface UploadAnswer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly traceresponse: string;
}

/** An upload that sends half of its file at once, and the rest when it is told to. */
function slowUpload(port: number, bytes: Buffer): { readonly begun: Promise<void>; finish(): Promise<UploadAnswer> } {
  const head = '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nvision\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="clip.mp4"\r\ncontent-type: video/mp4\r\n\r\n';
  const upload = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/files', headers: { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=b' } });
  const answered = new Promise<UploadAnswer>((accept, reject) => {
    upload.once('error', reject);
    upload.once('response', (response) => {
      response.resume();
      accept({ status: response.statusCode ?? 0, connection: response.headers.connection, traceresponse: String(response.headers['traceresponse']) });
    });
  });
  const half = bytes.length >> 1;
  upload.write(head);
  const begun = new Promise<void>((accept) => upload.write(bytes.subarray(0, half), () => setTimeout(accept, 200)));
  return {
    begun,
    finish: () => {
      upload.write(bytes.subarray(half));
      upload.end('\r\n--b--\r\n');
      return answered;
    },
  };
}
