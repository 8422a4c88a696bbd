import { request as httpRequest } from 'node:http';
import { FakeDialogue, FakeFrames, FakeSafety } from './fake-stages.js';
import { GatewayRig, json, keyOf, until } from './gateway-rig.js';
import { ask, CHAT, type Completion, read, textOf } from './talk.js';

const CLIP = new Uint8Array(64).fill(7);

describe('a conversation over HTTP with stages over gRPC', () => {
  let rig: GatewayRig;
  let dialogue: FakeDialogue;
  let safety: FakeSafety;

  beforeAll(async () => {
    rig = await GatewayRig.start({ ssePingMs: 40, sseOpenMs: 150, chatConcurrency: 2, chatQueue: 0, tenantConcurrency: 1 });
    dialogue = rig.get(FakeDialogue);
    safety = rig.get(FakeSafety);
  });
  beforeEach(() => {
    Object.assign(dialogue, { steps: [{ text: 'Hello.' }], heard: [], cancelled: 0 });
    rig.get(FakeFrames).delayMs = 0;
    Object.assign(safety, { down: false, videoAllowed: true, screened: [] });
  });
  afterAll(() => rig?.stop());

  const uploaded = async (): Promise<string> => (await json<{ id: string }>(await rig.upload(CLIP))).id;

  it('answers about an uploaded video, and counts text and video tokens apart', async () => {
    const id = await uploaded();
    const video = { type: 'video_url', video_url: { url: `file:${id}` } };
    const answer = await json<Completion>(await rig.post(CHAT, ask([video, { type: 'text', text: 'What is it?' }], { seed: 5, temperature: 0.5, stop: 'END' })));
    expect(answer.choices[0]).toMatchObject({ message: { content: 'Hello.' }, finish_reason: 'stop' });
    expect(answer.usage).toEqual({ prompt_tokens: 75, completion_tokens: 5, total_tokens: 80, prompt_tokens_details: { cached_tokens: 2, text_tokens: 10, video_tokens: 65 } });
    const [heard] = dialogue.heard;
    expect(heard?.messages[0]?.content.map(({ part }) => part?.$case)).toEqual(['video', 'text']);
    expect(heard?.sampling).toMatchObject({ seed: 5, temperature: 0.5, stop: ['END'], maxTokens: 160, topP: 1 });
  });

  it('takes an inline video once, however often it comes', async () => {
    const frames = rig.get(FakeFrames);
    const before = frames.asked.length;
    const inline = { type: 'video_url', video_url: { url: `data:video/mp4;base64,${Buffer.alloc(64, 9).toString('base64')}` } };
    for (let turn = 0; turn < 2; turn += 1) expect((await rig.post(CHAT, ask([inline, { type: 'text', text: 'Again?' }]))).status).toBe(200);
    expect(frames.asked.length - before).toBe(1);
  });

  it('says which file each clip of the request is, streamed or not', async () => {
    const inline = { type: 'video_url', video_url: { url: `data:video/mp4;base64,${Buffer.alloc(64, 8).toString('base64')}` } };
    const answer = await json<Completion & { media: { param: string; file_id: string }[] }>(await rig.post(CHAT, ask([inline, { type: 'text', text: 'What?' }])));
    expect(answer.media).toEqual([{ param: 'messages[0].content[0].video_url.url', file_id: expect.stringMatching(/^file_/) as string }]);
    expect((await rig.request(`/v1/files/${answer.media[0]?.file_id}/frames/0`)).status).toBe(200);
    const { chunks } = await read(await rig.post(CHAT, ask([inline, { type: 'text', text: 'What?' }], { stream: true })));
    expect(chunks.filter((chunk) => 'media' in chunk)).toEqual([expect.objectContaining({ media: answer.media })]);
    expect(chunks.every((chunk) => chunk.choices?.length === 1)).toBe(true);
  });

  it('streams screened windows, usage and the end', async () => {
    dialogue.steps = [{ text: 'A red star moves to the ri' }, { text: 'ght over the sea. Then ' }, { text: 'it stops.' }];
    const response = await rig.post(CHAT, ask('What?', { stream: true, stream_options: { include_usage: true } }));
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    const { chunks, raw } = await read(response);
    expect(raw.startsWith(': ping\n\n')).toBe(true);
    expect(raw.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(chunks[0]?.choices?.[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.map((chunk) => chunk.choices?.[0]?.delta.content).filter(Boolean)).toEqual(['A red star moves to the right over the sea. ', 'Then it stops.']);
    expect(chunks.at(-2)?.choices?.[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 75 } });
  });

  it('writes several answers, each with a seed of its own, and counts them together', async () => {
    const answer = await json<Completion>(await rig.post(CHAT, ask('What?', { n: 2, seed: 5 })));
    expect(answer.choices.map(({ message }) => message.content)).toEqual(['Hello.', 'Hello.']);
    expect(dialogue.heard.map(({ sampling }) => sampling?.seed)).toEqual([5, 6]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 150, completion_tokens: 10 });
    const streamed = await rig.post(CHAT, ask('What?', { n: 2, stream: true }));
    const { raw } = await read(streamed.clone());
    await rig.described.check('POST', CHAT, streamed);
    expect(raw.match(/"index":1,"delta":\{"content":"Hello\."/g)).toHaveLength(1);
  });

  it('answers once under an Idempotency-Key, streamed or not, and tells another question apart', async () => {
    for (const stream of [true, false]) {
      const headers = { 'idempotency-key': `chat-${stream}` };
      const plain = async (response: Response): Promise<unknown> => (stream ? (await response.text()).replaceAll(': ping\n\n', '') : response.json());
      const first = await plain(await rig.post(CHAT, ask('Once', { stream }), { headers }));
      const again = await rig.post(CHAT, ask('Once', { stream }), { headers });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await plain(again)).toEqual(first);
      expect((await rig.post(CHAT, ask('Other', { stream }), { headers })).status).toBe(422);
    }
    expect(dialogue.heard).toHaveLength(2);
  });

  it('takes a picture as a film that stands still', async () => {
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.alloc(64, 3).toString('base64')}` } };
    expect((await rig.post(CHAT, ask([picture, { type: 'text', text: 'What?' }]))).status).toBe(200);
    expect(dialogue.heard[0]?.messages[0]?.content.map(({ part }) => part?.$case)).toEqual(['video', 'text']);
  });

  it.each([
    ['screening is down', 503, 'screening_unavailable', (): unknown => 'Hello'],
    ['a file is unknown', 404, 'not_found', (): unknown => [{ type: 'file', file: { file_id: 'file_x' } }]],
  ])('tells by the status of a stream what fails soon: %s', async (_, status, code, content) => {
    safety.down = status === 503;
    const response = await rig.post(CHAT, ask(content(), { stream: true }));
    expect([response.status, (await json<{ error: { code: string } }>(response)).error.code]).toEqual([status, code]);
  });

  it('keeps a stream awake while its media are not ready, and tells there what is wrong with them', async () => {
    rig.get(FakeFrames).delayMs = 500;
    const inline = (bytes: number): unknown => [{ type: 'video_url', video_url: { url: `data:video/mp4;base64,${Buffer.alloc(bytes, 11).toString('base64')}` } }];
    const started = performance.now();
    const response = await rig.post(CHAT, ask(inline(64), { stream: true }));
    expect([response.status, performance.now() - started < 450]).toEqual([200, true]);
    const { chunks, raw } = await read(response);
    expect((raw.split('data:')[0] ?? '').split(': ping').length + (raw.split('data:')[1] ?? '').split(': ping').length).toBeGreaterThan(5);
    expect(textOf(chunks)).toBe('Hello.');
    const broken = await read(await rig.post(CHAT, ask(inline(8), { stream: true })));
    expect(broken.chunks.at(-1)?.error?.code).toBe('invalid_video');
  });

  it('tells of an error in the middle of a stream, and ends', async () => {
    dialogue.steps = [{ text: 'This is the beginning of it. ' }, 'break'];
    const { chunks, raw } = await read(await rig.post(CHAT, ask('Go', { stream: true })));
    expect(textOf(chunks)).toBe('This is the beginning of it. ');
    expect(chunks.at(-1)?.error?.code).toBe('model_unavailable');
    expect(raw).not.toContain('[DONE]');
  });

  it.each([true, false])('stops the model when the client leaves (stream: %s)', async (stream) => {
    dialogue.steps = [{ text: 'This is the beginning of it. ' }, 'wait for the caller to leave'];
    const call = httpRequest(new URL(CHAT, await rig.url()), { method: 'POST', headers: { authorization: `Bearer ${keyOf('a')}`, 'content-type': 'application/json' } });
    call.on('error', () => undefined);
    call.end(JSON.stringify(ask('Go', { stream })));
    await until(() => dialogue.heard.length === 1);
    call.destroy();
    await until(() => dialogue.cancelled === 1);
    // The place is free again.
    dialogue.steps = [{ text: 'Hello.' }];
    await until(async () => (await rig.post(CHAT, ask('Still there?'))).status === 200);
  });

  it('bounds the turns of one tenant, and leaves room for another', async () => {
    dialogue.steps = ['wait for the caller to leave'];
    const leaving = new AbortController();
    const first = rig.post(CHAT, ask('Go'), { signal: leaving.signal }).catch(() => undefined);
    await until(() => dialogue.heard.length === 1);
    const second = await rig.post(CHAT, ask('Me too'));
    expect([second.status, (await json<{ error: { code: string } }>(second)).error.code]).toEqual([429, 'rate_limited']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    dialogue.steps = [{ text: 'Hello.' }];
    expect((await rig.post(CHAT, ask('Hi'), { tenant: 'b' })).status).toBe(200);
    leaving.abort();
    await first;
  });

  it('hides one tenant’s files from another', async () => {
    const id = await uploaded();
    for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`, `/v1/files/${id}/frames/0`]) expect((await rig.request(path, { tenant: 'b' })).status).toBe(404);
    const response = await rig.post(CHAT, ask([{ type: 'file', file: { file_id: id } }]), { tenant: 'b' });
    expect(response.status).toBe(404);
  });
});
