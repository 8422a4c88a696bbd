import { mkdtemp, readFile, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectionUrl } from '@gpt4video/adapters/postgres/connection-url';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { Cluster } from '@gpt4video/testing/cluster/cluster';
import { SERVICE_NAMES, type ServiceName } from '@gpt4video/testing/cluster/services';
import { json, until } from '../e2e/server-process.js';

const root = resolve(import.meta.dirname, '../..');
const KEY = 'sk-test-0123456789abcdef';
const QUESTIONS = ['What is in the video?', 'What colour is the star?', 'Which way does the star move?'];
const PEOPLE = 3;
const KILLED: readonly ServiceName[] = ['clip-encoder', 'dialogue', 'safety', 'gateway'];

interface Identified {
  readonly id: string;
  readonly status: string;
}

describe('a cluster on real servers', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let cluster: Cluster;
  let clip: Uint8Array<ArrayBuffer>;
  const log: string[] = [];

  const request = (path: string, init: RequestInit = {}): Promise<Response> => fetch(cluster.url + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${KEY}` } });
  const post = (path: string, body: unknown): Promise<Response> => request(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const upload = (): Promise<Response> => {
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', new Blob([clip]), 'red-star.mp4');
    return request('/v1/files', { method: 'POST', body: form });
  };
  const ask = (fileId: string, text: string): Promise<Response> =>
    post('/v1/chat/completions', { model: 'cartoon', messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: `file:${fileId}` } }, { type: 'text', text }] }] });
  const processed = async (): Promise<string> => {
    const { id } = await json<Identified>(await upload());
    const file = await until(async () => json<Identified>(await request(`/v1/files/${id}`)), ({ status }) => status === 'processed' || status === 'error');
    expect(file.status).toBe('processed');
    return id;
  };

  beforeAll(async () => {
    clip = new Uint8Array(await readFile(join(root, 'models/cartoon/samples/red-star.mp4')));
    folder = await mkdtemp(join(tmpdir(), 'cluster-'));
    await chmod(folder, 0o755);
    postgres = await EmbeddedPostgres.start({ directory: join(folder, 'postgres') });
    const databaseUrl = connectionUrl(postgres.connection);
    cluster = await Cluster.start({ folder, databaseUrl, apiKey: KEY, root, telemetry: false, drainMs: 10_000, onLine: (source, line) => log.push(`${source} ${line}`) });
  }, 600_000);

  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('replaces every replica of every service under load without a failed request', async () => {
    const fileId = await processed();
    const film = await json<Identified>(await post('/v1/videos', { prompt: 'a red ball moves left by day', seed: 3 }));
    const failures: string[] = [];
    let answered = 0;
    let done = false;
    const person = async (seed: number): Promise<void> => {
      for (let turn = seed; !done; turn += 1) {
        const what = turn % 4 === 3 ? upload() : ask(fileId, QUESTIONS[turn % QUESTIONS.length] ?? '');
        const outcome = await what.then(async (response) => (response.ok ? void (await response.arrayBuffer()) : `${response.status} ${await response.text()}`)).catch((error: unknown) => `${String(error)} ${String((error as Error).cause)}`);
        if (outcome === undefined) answered += 1;
        else failures.push(outcome);
      }
    };
    const people = Array.from({ length: PEOPLE }, (_, seed) => person(seed));
    const before = SERVICE_NAMES.flatMap((name) => cluster.service(name).pids);
    try {
      await cluster.rollingRestart();
    } finally {
      done = true;
      await Promise.all(people);
    }
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(20);
    expect(SERVICE_NAMES.flatMap((name) => cluster.service(name).pids).filter((pid) => before.includes(pid))).toEqual([]);
    const end = await until(async () => json<Identified>(await request(`/v1/videos/${film.id}`)), ({ status }) => status !== 'queued' && status !== 'in_progress');
    expect(end.status).toBe('completed');
  }, 300_000);

  it.each(KILLED)('answers and watches again after %s was killed', async (name) => {
    const service = cluster.service(name);
    const [pid] = service.pids;
    if (pid === undefined) throw new Error(`${name} has no replica`);
    process.kill(pid, 'SIGKILL');
    await until(async () => log.includes(`cluster ${name} is back`), (back) => back, 60_000);
    const fileId = await until(processed, () => true);
    const response = await ask(fileId, 'What is in the video?');
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('red star')]);
    expect(service.restarts).toBe(1);
  }, 180_000);

  it('drains everything and every process ends with 0', async () => {
    await cluster.stop();
    expect(log.filter((line) => line.includes('"level":"fatal"'))).toEqual([]);
  }, 180_000);
});
