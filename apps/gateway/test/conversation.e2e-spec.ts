import { request as httpRequest } from 'node:http';
import { BAD, FakeDialogue, FakeFrames, FakeSafety } from './fake-stages.js';
import { GatewayRig, json, keyOf, until } from './gateway-rig.js';
import { GenerationQueue } from '../src/core/generations/generation-queue.js';
import { REFUSAL } from '../src/core/chat/refusal.js';

const CHAT = '/v1/chat/completions';
const CLIP = new Uint8Array(64).fill(7);

interface Said {
  readonly results: { readonly flagged: boolean; readonly category: string; readonly stage: string; readonly policy_version: string }[];
}
interface Chunk {
  readonly error?: { readonly code: string };
  readonly choices?: { readonly delta: { readonly content?: string; readonly role?: string; readonly videos?: { readonly id: string; readonly status: string; readonly progress: number }[] }; readonly finish_reason: string | null }[];
  readonly usage?: { readonly prompt_tokens: number };
  readonly moderation?: { readonly input: Said; readonly output?: Said };
}
interface Completion {
  readonly choices: { readonly message: { readonly content: string; readonly videos?: { readonly id: string; readonly caption: string; readonly index: number; readonly status: string }[] }; readonly finish_reason: string }[];
  readonly usage: Record<string, unknown>;
  readonly moderation: Chunk['moderation'];
}

/** The payloads of an event stream, and what stood between them. */
async function read(response: Response): Promise<{ chunks: Chunk[]; raw: string }> {
  const raw = await response.text();
  const data = raw.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
  return { chunks: data.filter((each) => each !== '[DONE]').map((each) => JSON.parse(each) as Chunk), raw };
}
const textOf = (chunks: readonly Chunk[]): string => chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join('');
const ask = (content: unknown, extra: object = {}): object => ({ messages: [{ role: 'user', content }], ...extra });

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

  it('films a caption once, however often its turn is tried', async () => {
    const headers = { 'idempotency-key': 'film-once' };
    dialogue.steps = [{ text: 'Here: ' }, { caption: 'a red ball' }, 'break'];
    await (await rig.post(CHAT, ask('Film it', { stream: true }), { headers })).text();
    dialogue.steps = [{ text: 'Here: ' }, { caption: 'a red ball' }];
    await (await rig.post(CHAT, ask('Film it', { stream: true }), { headers })).text();
    const { data } = await json<{ data: { id: string; prompt: string }[] }>(await rig.request('/v1/videos'));
    // No later test must claim it.
    for (const { id } of data) await rig.request(`/v1/videos/${id}`, { method: 'DELETE' });
    expect(data.map(({ prompt }) => prompt)).toEqual(['a red ball']);
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

  it('declines an unsafe question with 200, the category and no word of the model', async () => {
    dialogue.steps = [{ text: 'secret' }];
    const answer = await json<Completion>(await rig.post(CHAT, ask(`something ${BAD}`)));
    expect(answer.choices[0]).toMatchObject({ message: { content: REFUSAL }, finish_reason: 'content_filter' });
    expect(answer.moderation?.input.results[0]).toMatchObject({ flagged: true, category: 'violence' });
    expect(answer.usage).toMatchObject({ total_tokens: 0 });
  });

  it('goes on after a declined question that stands in the history', async () => {
    const messages = [
      { role: 'user', content: `something ${BAD}` },
      { role: 'assistant', content: REFUSAL },
      { role: 'user', content: 'Hello?' },
    ];
    const answer = await json<Completion>(await rig.post(CHAT, { messages }));
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(JSON.stringify(dialogue.heard)).not.toContain(BAD);
  });

  it('declines an unsafe video', async () => {
    const id = await uploaded();
    safety.videoAllowed = false;
    const answer = await json<Completion>(await rig.post(CHAT, ask([{ type: 'file', file: { file_id: id } }, { type: 'text', text: 'What?' }])));
    expect(answer.choices[0]?.finish_reason).toBe('content_filter');
  });

  it('lets nothing out of an answer past a window that is declined', async () => {
    dialogue.steps = [{ text: 'This is a harmless beginning. ' }, { text: `And then ${BAD} things, ` }, { text: 'and more of them.' }];
    const { chunks } = await read(await rig.post(CHAT, ask('Go', { stream: true })));
    expect(textOf(chunks)).toBe('This is a harmless beginning. ');
    expect(chunks.at(-1)?.choices?.[0]?.finish_reason).toBe('content_filter');
  });

  it('says nothing when screening does not answer', async () => {
    safety.down = true;
    const response = await rig.post(CHAT, ask('Hello'));
    expect([response.status, (await json<{ error: { code: string } }>(response)).error.code]).toEqual([503, 'screening_unavailable']);
    expect(response.headers.get('retry-after')).toBeTruthy();
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

  it('queues a film for a caption and shows a link, never a tag', async () => {
    dialogue.steps = [{ text: 'Here you are: ' }, { caption: 'a [blue] star' }, { text: ' Enjoy!' }];
    const answer = await json<Completion>(await rig.post(CHAT, ask('Make one', { seed: 3, video_generation: { steps: 7, size: '256x256' } })));
    const { content, videos } = answer.choices[0]?.message ?? { content: '' };
    const [video] = videos ?? [];
    expect(video).toMatchObject({ index: 0, caption: 'a [blue] star', status: 'queued' });
    expect(content).toBe(`Here you are: [▶ a \\[blue\\] star](/v1/videos/${video?.id}/content) Enjoy!`);
    const known = await json<Record<string, unknown>>(await rig.request(`/v1/videos/${video?.id}`));
    expect(known).toMatchObject({ status: 'queued', prompt: 'a [blue] star', seed: 3, num_inference_steps: 7, size: '256x256', seconds: '2' });
    Object.assign(dialogue, { heard: [], steps: [{ text: 'Bye.' }] });
    await rig.post(CHAT, { messages: [{ role: 'user', content: 'Make one' }, { role: 'assistant', content }, { role: 'user', content: 'Thanks' }] });
    expect(JSON.stringify(dialogue.heard[0]?.messages[1])).toContain('Here you are: <video>a [blue] star</video> Enjoy!');
    await rig.post(`/v1/videos/${video?.id}/cancel`, {});
  });

  it('makes no film of an unsafe caption', async () => {
    dialogue.steps = [{ text: 'Sure. ' }, { caption: `a ${BAD} film` }];
    const before = (await json<{ data: unknown[] }>(await rig.request('/v1/videos'))).data.length;
    const answer = await json<Completion>(await rig.post(CHAT, ask('Make it')));
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'content_filter', message: { content: 'Sure. I can’t make that video.' } });
    expect(answer.moderation?.input.results.map(({ flagged, stage }) => [flagged, stage])).toEqual([[false, 'input']]);
    expect(answer.moderation?.output?.results.map(({ flagged, stage, policy_version: version }) => [flagged, stage, version])).toEqual([[false, 'output', 'test'], [true, 'caption', 'test']]);
    expect((await json<{ data: unknown[] }>(await rig.request('/v1/videos'))).data).toHaveLength(before);
  });

  it('stays for the film when asked to, and streams its progress', async () => {
    dialogue.steps = [{ caption: 'a film to wait for' }];
    const pending = rig.post(CHAT, ask('Make it', { stream: true, video_generation: { wait: true } }));
    const queue = rig.get(GenerationQueue);
    let lease = await queue.claim('w');
    await until(async () => (lease ??= await queue.claim('w')) !== undefined);
    if (lease === undefined) throw new Error('no lease');
    await queue.heartbeat(lease, 50);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await queue.fail(lease, { code: 'generation_failed', message: 'no', retryable: false, category: '' });
    const { chunks, raw } = await read(await pending);
    const states = chunks.flatMap((chunk) => chunk.choices?.[0]?.delta.videos ?? []).map(({ status, progress }) => `${status} ${progress}`);
    expect(states).toEqual(expect.arrayContaining(['queued 0', 'in_progress 50', 'failed 50']));
    expect(raw.split(': ping').length).toBeGreaterThan(4);
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
