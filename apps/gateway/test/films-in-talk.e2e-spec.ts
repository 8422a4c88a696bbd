import { FakeDialogue } from './fake-stages.js';
import { GatewayRig, json, until } from './gateway-rig.js';
import { GenerationQueue } from '../src/core/generations/generation-queue.js';
import { ask, CHAT, type Completion, read } from './talk.js';

describe('films in a conversation', () => {
  let rig: GatewayRig;
  let dialogue: FakeDialogue;

  beforeAll(async () => {
    rig = await GatewayRig.start({ ssePingMs: 40 });
    dialogue = rig.get(FakeDialogue);
  });
  beforeEach(() => {
    Object.assign(dialogue, { steps: [{ text: 'Hello.' }], heard: [], cancelled: 0 });
  });
  afterAll(() => rig?.stop());

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
});
