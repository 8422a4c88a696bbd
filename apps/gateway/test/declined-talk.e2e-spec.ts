import { BAD, FakeDialogue, FakeSafety } from './fake-stages.js';
import { GatewayRig, json } from './gateway-rig.js';
import { REFUSAL } from '../src/core/chat/refusal.js';
import { ask, CHAT, type Completion, read, textOf } from './talk.js';

const CLIP = new Uint8Array(64).fill(7);

describe('what is declined in a conversation', () => {
  let rig: GatewayRig;
  let dialogue: FakeDialogue;
  let safety: FakeSafety;

  beforeAll(async () => {
    rig = await GatewayRig.start();
    dialogue = rig.get(FakeDialogue);
    safety = rig.get(FakeSafety);
  });
  beforeEach(() => {
    Object.assign(dialogue, { steps: [{ text: 'Hello.' }], heard: [], cancelled: 0 });
    Object.assign(safety, { down: false, videoAllowed: true, screened: [] });
  });
  afterAll(() => rig?.stop());

  const uploaded = async (): Promise<string> => (await json<{ id: string }>(await rig.upload(CLIP))).id;

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

  it('makes no film of an unsafe caption', async () => {
    dialogue.steps = [{ text: 'Sure. ' }, { caption: `a ${BAD} film` }];
    const before = (await json<{ data: unknown[] }>(await rig.request('/v1/videos'))).data.length;
    const answer = await json<Completion>(await rig.post(CHAT, ask('Make it')));
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'content_filter', message: { content: 'Sure. I can’t make that video.' } });
    expect(answer.moderation?.input.results.map(({ flagged, stage }) => [flagged, stage])).toEqual([[false, 'input']]);
    expect(answer.moderation?.output?.results.map(({ flagged, stage, policy_version: version }) => [flagged, stage, version])).toEqual([[false, 'output', 'test'], [true, 'caption', 'test']]);
    expect((await json<{ data: unknown[] }>(await rig.request('/v1/videos'))).data).toHaveLength(before);
  });
});
