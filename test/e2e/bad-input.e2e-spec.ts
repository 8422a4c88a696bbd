import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ServerProcess, TEST_KEY, json, makeDataFolder } from './server-process.js';

interface ErrorBody {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string };
}

const samples = resolve(import.meta.dirname, '../../models/cartoon/samples');
const ask = (content: unknown, extra: object = {}): object => ({ model: 'cartoon', messages: [{ role: 'user', content }], ...extra });

interface Expected {
  readonly status: number;
  readonly code: string;
  /** What the sentence must hold. */
  readonly word: RegExp;
}

/** What a person may send, the status and code that must come, and a word that the sentence must hold. */
const REQUESTS: readonly [name: string, path: string, body: unknown, expected: Expected][] = [
  ['malformed JSON', '/v1/chat/completions', '{"model":', { status: 400, code: 'invalid_request', word: /JSON/i }],
  ['no messages', '/v1/chat/completions', { model: 'cartoon', messages: [] }, { status: 400, code: 'invalid_request', word: /message/ }],
  ['an unknown model', '/v1/chat/completions', { ...ask('hi'), model: 'gpt-9' }, { status: 404, code: 'model_not_found', word: /gpt-9/ }],
  ['an unknown field', '/v1/chat/completions', ask('hi', { tempature: 1 }), { status: 400, code: 'invalid_request', word: /tempature/ }],
  ['a temperature beyond the scale', '/v1/chat/completions', ask('hi', { temperature: 9 }), { status: 400, code: 'invalid_request', word: /temperature/ }],
  ['an unknown role', '/v1/chat/completions', { model: 'cartoon', messages: [{ role: 'robot', content: 'hi' }] }, { status: 400, code: 'invalid_request', word: /role/ }],
  ['an unknown file_id', '/v1/chat/completions', ask([{ type: 'video_url', video_url: { url: 'file:file_unknown' } }, { type: 'text', text: 'what?' }]), { status: 404, code: 'not_found', word: /file_unknown/ }],
  ['a prompt beyond the context', '/v1/chat/completions', ask('word '.repeat(20_000)), { status: 400, code: 'context_length_exceeded', word: /token/ }],
  ['a film without a prompt', '/v1/videos', { seconds: '2' }, { status: 400, code: 'invalid_request', word: /prompt/ }],
  ['a film of an unknown size', '/v1/videos', { prompt: 'a ball', size: '7680x4320' }, { status: 400, code: 'invalid_request', word: /size/ }],
];

describe('bad input', () => {
  let server: ServerProcess;
  let data: Awaited<ReturnType<typeof makeDataFolder>>;
  beforeAll(async () => {
    data = await makeDataFolder();
    server = await ServerProcess.start(data.path);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await data.remove();
  }, 60_000);

  it.each(REQUESTS)('%s is a coded 4xx that says what to do', async (_name, path, body, { status, code, word }) => {
    const response = await server.request(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const { error } = await json<ErrorBody>(response);
    expect({ status: response.status, code: error.code }).toEqual({ status, code });
    expect(error.message).toMatch(word);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it.each([
    ['zero bytes', new Uint8Array()],
    ['text with a lying extension', new TextEncoder().encode('This is not a video at all. '.repeat(64))],
    ['random bytes', Uint8Array.from({ length: 65_536 }, (_, index) => (index * 2_654_435_761) % 251)],
    ['a header without frames', new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode('ftypisom'), 0, 0, 2, 0, ...new TextEncoder().encode('isomiso2')])],
  ])('a file of %s is refused as a video and leaves nothing behind', async (_name, bytes) => {
    const response = await server.upload(bytes, 'clip.mp4');
    const { error } = await json<ErrorBody>(response);
    expect(response.status).toBe(400);
    expect(error.code).toBe('invalid_video');
    expect(error.message).not.toContain(data.path);
    expect((await json<{ data: unknown[] }>(await server.request('/v1/files'))).data).toEqual([]);
  });

  it('a truncated clip is a coded 4xx or a shorter clip, never a crash', async () => {
    const { clip } = JSON.parse(await readFile(resolve(samples, 'demo.json'), 'utf8')) as { clip: string };
    const whole = new Uint8Array(await readFile(resolve(samples, clip)));
    const response = await server.upload(whole.slice(0, Math.floor(whole.length / 3)), 'cut.mp4');
    expect(response.status).toBe(400);
    expect((await json<ErrorBody>(response)).error.code).toBe('invalid_video');
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer sk-wrong' }],
  ])('%s is 401', async (_name, headers: Record<string, string>) => {
    const response = await fetch(new URL('/v1/models', server.url), { headers });
    expect(response.status).toBe(401);
    expect((await json<ErrorBody>(response)).error.code).toBe('unauthenticated');
  });

  it('an unknown route, an unknown film and an unknown file are 404 in the same envelope', async () => {
    for (const path of ['/v1/nothing', '/v1/videos/video_unknown', '/v1/files/file_unknown']) {
      const response = await server.request(path);
      expect(response.status).toBe(404);
      expect((await json<ErrorBody>(response)).error.code).toBe('not_found');
    }
  });

  it('still answers after all of that', async () => {
    const response = await server.post('/v1/chat/completions', ask('What is the capital of France?', { temperature: 0, max_completion_tokens: 24 }), { headers: { authorization: `Bearer ${TEST_KEY}` } });
    expect(response.status).toBe(200);
    const { choices } = await json<{ choices: { message: { content: string } }[] }>(response);
    expect(choices[0]?.message.content).toContain('Paris');
  });
});
