import { GatewayRig, json } from './gateway-rig.js';

interface ErrorBody {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string };
}

const ask = (content: unknown, extra: object = {}): object => ({ model: 'cartoon', messages: [{ role: 'user', content }], ...extra });
const CHAT = '/v1/chat/completions';

const BAD_REQUESTS: readonly [name: string, path: string, body: unknown, status: number, code: string, param: string | null][] = [
  ['malformed JSON', CHAT, '{"model":', 400, 'invalid_request', null],
  ['a JSON array', CHAT, [], 400, 'invalid_request', null],
  ['no messages', CHAT, { messages: [] }, 400, 'invalid_request', 'messages'],
  ['an unknown model', CHAT, { ...ask('hi'), model: 'gpt-9' }, 404, 'model_not_found', 'model'],
  ['an unknown field', CHAT, ask('hi', { tempature: 1 }), 400, 'invalid_request', 'tempature'],
  ['an unknown nested field', CHAT, ask('hi', { video_generation: { sise: '1' } }), 400, 'invalid_request', 'video_generation.sise'],
  ['a temperature beyond the scale', CHAT, ask('hi', { temperature: 9 }), 400, 'invalid_request', 'temperature'],
  ['too many answers', CHAT, ask('hi', { n: 9 }), 400, 'invalid_request', 'n'],
  ['a tool', CHAT, ask('hi', { tools: [{}] }), 400, 'invalid_request', 'tools'],
  ['half a character', CHAT, ask('\ud800'), 400, 'invalid_request', 'messages[0].content'],
  ['a NUL', '/v1/videos', { prompt: 'a\0b' }, 400, 'invalid_request', 'prompt'],
  ['a part of an unknown type', CHAT, ask([{ type: 'smell' }]), 400, 'invalid_request', 'messages[0].content[0].type'],
  ['a part without its URL', CHAT, ask([{ type: 'video_url', video_url: {} }]), 400, 'invalid_request', 'messages[0].content[0].video_url.url'],
  ['an unknown role', CHAT, { messages: [{ role: 'robot', content: 'hi' }] }, 400, 'invalid_request', 'messages[0].role'],
  ['an answer in last place', CHAT, { messages: [{ role: 'assistant', content: 'hi' }] }, 400, 'invalid_request', 'messages'],
  ['an unknown file', CHAT, ask([{ type: 'video_url', video_url: { url: 'file:file_x' } }]), 404, 'not_found', 'messages[0].content[0].video_url.url'],
  ['a video on a private host', CHAT, ask([{ type: 'video_url', video_url: { url: 'https://10.0.0.1/a.mp4' } }]), 415, 'unsupported_media', 'messages[0].content[0].video_url.url'],
  ['a data URL that is text', CHAT, ask([{ type: 'video_url', video_url: { url: 'data:text/plain,hi' } }]), 400, 'invalid_video', 'messages[0].content[0].video_url.url'],
  ['an inline file that is no video', CHAT, ask([{ type: 'video_url', video_url: { url: 'data:video/mp4;base64,aGk=' } }]), 400, 'invalid_video', 'messages[0].content[0].video_url.url'],
  ['a film size that the model cannot do', CHAT, ask('hi', { video_generation: { size: '1x1' } }), 400, 'invalid_request', 'video_generation.size'],
  ['a prompt beyond the context', CHAT, ask('word '.repeat(20_000)), 400, 'context_length_exceeded', 'messages'],
  ['a film without a prompt', '/v1/videos', { seconds: '2' }, 400, 'invalid_request', 'prompt'],
  ['a film of an unknown size', '/v1/videos', { prompt: 'a ball', size: '7680x4320' }, 400, 'invalid_request', 'size'],
  ['a film of an odd length', '/v1/videos', { prompt: 'a ball', seconds: '9' }, 400, 'invalid_request', 'seconds'],
  ['too many steps', '/v1/videos', { prompt: 'a ball', num_inference_steps: 900 }, 400, 'invalid_request', 'num_inference_steps'],
  ['a declined film', '/v1/videos', { prompt: 'a forbidden ball' }, 400, 'moderation_blocked.input', 'prompt'],
  ['a moderation of nothing', '/v1/moderations', {}, 400, 'invalid_request', 'input'],
  ['a file that is no form', '/v1/files', { file: 'x' }, 400, 'invalid_request', null],
];

describe('what the API refuses', () => {
  let rig: GatewayRig;
  beforeAll(async () => void (rig = await GatewayRig.start({ maxUploadBytes: 4_096, maxBodyBytes: 200_000, sessionKey: 'sk-session-0123456789' })));
  afterAll(() => rig?.stop());

  it.each(BAD_REQUESTS)('%s', async (_name, path, body, ...expected) => {
    const [status, code, param] = expected;
    const response = await rig.post(path, body);
    const { error } = await json<ErrorBody>(response);
    expect({ status: response.status, code: error.code, param: error.param }).toEqual({ status, code, param });
    expect(error.message).toMatch(/[.;]/);
    expect(error.type).toBe('invalid_request_error');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    expect(response.headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it.each([
    ['no key', {}, 401],
    ['another scheme', { authorization: 'Basic abc' }, 401],
    ['an unknown key', { authorization: 'Bearer sk-nobody-has-this' }, 401],
  ])('%s', async (_name, headers, status) => {
    const response = await fetch(new URL('/v1/models', await rig.url()), { headers });
    expect(response.status).toBe(status);
    expect((await json<ErrorBody>(response)).error).toMatchObject({ code: 'unauthenticated', type: 'authentication_error' });
  });

  it('an unknown route, and a known one by another method', async () => {
    const unknown = await rig.request('/v1/nothing');
    expect([unknown.status, (await json<ErrorBody>(unknown)).error.code]).toEqual([404, 'not_found']);
    const wrong = await rig.request('/v1/models', { method: 'DELETE' });
    expect([wrong.status, (await json<ErrorBody>(wrong)).error.code, wrong.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET']);
  });

  it('no body where none is needed, whatever type it is said to have', async () => {
    const response = await rig.request('/v1/videos/video_nobody', { method: 'DELETE', headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(404);
  });

  it('a body that is too large', async () => {
    const response = await rig.post(CHAT, ask('x'.repeat(300_000)));
    expect([response.status, (await json<ErrorBody>(response)).error.code]).toEqual([413, 'request_too_large']);
  });

  it('a body of another type', async () => {
    const response = await rig.request(CHAT, { method: 'POST', body: 'hi', headers: { 'content-type': 'text/csv' } });
    expect([response.status, (await json<ErrorBody>(response)).error.code]).toEqual([415, 'unsupported_media_type']);
  });

  it.each([
    ['empty', 0, 400, 'invalid_video'],
    ['not a video', 5, 400, 'invalid_video'],
    ['too large', 1_000_000, 413, 'video_too_large'],
  ])('a file that is %s leaves nothing behind', async (_name, bytes, status, code) => {
    const response = await rig.upload(new Uint8Array(bytes));
    const { error } = await json<ErrorBody>(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, 'file']);
    expect((await json<{ data: unknown[] }>(await rig.request('/v1/files'))).data).toEqual([]);
  });

  it('a request id that would not fit a log line', async () => {
    const ids = await Promise.all(['mine-1', 'no good'].map(async (id) => (await rig.request('/v1/models', { headers: { 'x-request-id': id } })).headers.get('x-request-id')));
    expect(ids[0]).toBe('mine-1');
    expect(ids[1]).toMatch(/^req_/);
  });

  it('the session key to any name but loopback', async () => {
    const own = await rig.app.inject({ url: '/v1/session', headers: { host: 'localhost:8080' } });
    expect(own.json()).toEqual({ key: 'sk-session-0123456789' });
    for (const headers of [{ host: 'evil.example' }, { host: 'localhost', 'sec-fetch-site': 'cross-site' }]) {
      expect((await rig.app.inject({ url: '/v1/session', headers })).statusCode).toBe(404);
    }
    expect((await rig.app.inject({ url: '/v1/session', headers: { host: 'localhost' }, remoteAddress: '10.0.0.7' })).statusCode).toBe(404);
  });
});
