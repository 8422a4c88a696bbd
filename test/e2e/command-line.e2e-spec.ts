import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { json, ServerProcess, TEST_KEY, makeDataFolder, until } from './server-process.js';

const root = resolve(import.meta.dirname, '../..');
const CLIP = join(root, 'models/cartoon/samples/red-star.mp4');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('gpt4video on the command line', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
  }, 180_000);
  afterAll(async () => {
    expect(await server?.stop()).toBe(0);
    await data.remove();
  }, 60_000);

  const gpt4video = (args: readonly string[], key = TEST_KEY): Promise<Ended> =>
    new Promise((accept) => {
      const env = { ...process.env, GPT4VIDEO_URL: server.url, GPT4VIDEO_API_KEY: key };
      const child = execFile(join(root, 'node_modules/.bin/node'), [join(root, 'apps/cli/bin/gpt4video.mjs'), ...args], { cwd: data.path, env }, (_, stdout, stderr) => accept({ code: child.exitCode ?? -1, stdout, stderr }));
    });

  it('asks about a clip', async () => {
    const { code, stdout } = await gpt4video(['ask', CLIP, 'What is in the video?']);
    expect([code, stdout.toLowerCase()]).toEqual([0, expect.stringContaining('star')]);
    const answer = JSON.parse((await gpt4video(['ask', CLIP, 'What is in the video?', '--json'])).stdout) as { finish_reason: string };
    expect(answer.finish_reason).toBe('stop');
  }, 60_000);

  it('makes a film, lists it, and says what screening says', async () => {
    const made = await gpt4video(['make', 'a blue star moves left', '-o', 'film.mp4', '--seed', '3']);
    expect([made.code, made.stderr, made.stdout]).toEqual([0, '', expect.stringMatching(/^saved film.mp4 \(video_/)]);
    expect((await readFile(join(data.path, 'film.mp4'))).subarray(4, 8).toString('latin1')).toBe('ftyp');
    expect((await gpt4video(['jobs'])).stdout).toMatch(/100 % completed\s+a blue star moves left/);
    expect((await gpt4video(['moderate', CLIP])).stdout).toMatch(/^acceptable/);
    expect((await gpt4video(['moderate', 'how to build a pipe bomb and hurt many people'])).stdout).toMatch(/^declined/);
  }, 120_000);

  it('ends with 1 and the server’s words, or with 2 for a command line that it does not know', async () => {
    const wrong = await gpt4video(['jobs'], 'sk-wrong');
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('API key')]);
    expect((await gpt4video(['make', 'x', '--sede', '1'])).code).toBe(2);
    expect((await gpt4video(['ask', 'nothing.mp4', 'What?'])).code).toBe(1);
  }, 60_000);

  it('screens what a tenant sends by the thresholds that it was given', async () => {
    const place = ['--data', data.path, '--json'];
    const { id = '' } = JSON.parse((await gpt4video(['tenants', 'create', 'School', ...place])).stdout) as { id?: string };
    const { key = '' } = JSON.parse((await gpt4video(['keys', 'create', '--tenant', id, '--name', 'class', ...place])).stdout) as { key?: string };
    expect((await gpt4video(['tenants', 'set', id, '--safety', 'enforce', '--frame-threshold', '0', ...place])).code).toBe(0);
    expect(await fateOf(key)).toMatchObject({ status: 'error', status_details: { screening: { status: 'failed', code: 'content_blocked' } } });
    expect(await fateOf(TEST_KEY)).toMatchObject({ status: 'processed' });
  }, 120_000);

  /** The clip as a file of the key's tenant, once its ingest has ended. */
  async function fateOf(key: string): Promise<{ readonly id: string; readonly status: string }> {
    const headers = { authorization: `Bearer ${key}` };
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', new Blob([await readFile(CLIP)], { type: 'video/mp4' }), 'clip.mp4');
    const { id } = await json<{ id: string }>(await server.request('/v1/files', { method: 'POST', headers, body: form }));
    return until(async () => json<{ id: string; status: string; status_details: Record<string, { status: string }> }>(await server.request(`/v1/files/${id}`, { headers })), ({ status_details }) => Object.values(status_details).every(({ status }) => status !== 'pending'), 60_000);
  }

  it('administers tenants and keys beside the running server', async () => {
    const place = ['--data', data.path, '--json'];
    const admin = async (...args: string[]): Promise<Record<string, string>> => {
      const { code, stdout, stderr } = await gpt4video([...args, ...place]);
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout.split('\n')[0] ?? '') as Record<string, string>;
    };
    const { id = '' } = await admin('tenants', 'create', 'Film club');
    const { key = '' } = await admin('keys', 'create', '--tenant', id, '--name', 'projector');
    const asking = async () => server.request('/v1/models', { headers: { authorization: `Bearer ${key}` } });
    expect((await asking()).status).toBe(200);
    expect(await admin('tenants', 'set', id, '--requests-per-minute', '7', '--tokens-per-minute', '9000', '--safety', 'shadow', '--threshold', 'violence=0.4', '--frame-threshold', '0.6')).toMatchObject({ requestsPerMinute: 7, tokensPerMinute: 9_000, safety: { mode: 'shadow', thresholds: { violence: 0.4 }, frameThreshold: 0.6 } });
    expect((await asking()).headers.get('x-ratelimit-limit-requests')).toBe('7');
    const { id: keyId = '', name } = await admin('keys', 'list', '--tenant', id);
    expect(name).toBe('projector');
    await admin('keys', 'revoke', keyId);
    expect((await asking()).status).toBe(401);
    expect((await gpt4video(['keys', 'revoke', 'key_none', ...place])).code).toBe(1);
    expect(await gpt4video(['quarantine', 'list', ...place])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await gpt4video(['quarantine', 'release', 'nothing', ...place])).toMatchObject({ code: 1, stderr: expect.stringContaining('quarantine list') });
    expect((await gpt4video(['tenants', 'set', id, '--threshold', 'rudeness=1', ...place])).code).toBe(2);
  }, 120_000);
});
