import { FinishReason, Role, VideoMode, type ConverseRequest, type Message, type Sampling } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { eventToWire, turnOf } from './dialogue.mapper.js';

const VIDEO = { bucket: 'b', key: 'uploads/v', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };
const SAMPLING: Sampling = { temperature: 0.7, topP: 0.9, topK: 40, repetitionPenalty: 1.1, seed: 5, maxTokens: 30, stop: ['END'] };
const HELLO: Message = { role: Role.ROLE_USER, content: [{ part: { $case: 'text', text: 'Hello' } }] };

function request(changes: Partial<ConverseRequest> = {}): ConverseRequest {
  return { messages: [HELLO], sampling: SAMPLING, videoMode: VideoMode.VIDEO_MODE_AUTO, ...changes };
}

describe('turnOf', () => {
  it('maps every field', () => {
    const messages: Message[] = [
      { role: Role.ROLE_SYSTEM, content: [{ part: { $case: 'text', text: 'Be brief.' } }] },
      { role: Role.ROLE_USER, content: [{ part: { $case: 'video', video: VIDEO } }, { part: { $case: 'text', text: 'What?' } }] },
    ];
    expect(turnOf(request({ messages, videoMode: VideoMode.VIDEO_MODE_REQUIRED }))).toEqual({
      messages: [
        { role: 'system', content: [{ kind: 'text', text: 'Be brief.' }] },
        { role: 'user', content: [{ kind: 'video', video: VIDEO }, { kind: 'text', text: 'What?' }] },
      ],
      videoMode: 'required',
      sampling: { temperature: 0.7, topP: 0.9, topK: 40, repetitionPenalty: 1.1, seed: 5 },
      maxTokens: 30,
      stop: ['END'],
    });
  });

  it('leaves to the bundle what is not said', () => {
    expect(turnOf(request({ sampling: undefined, videoMode: VideoMode.VIDEO_MODE_UNSPECIFIED }))).toMatchObject({ sampling: {}, stop: [], videoMode: 'auto' });
    const zeros = { ...SAMPLING, topP: 0, repetitionPenalty: 0, maxTokens: 0, temperature: 0 };
    const turn = turnOf(request({ sampling: zeros }));
    expect(turn.sampling).toEqual({ temperature: 0, topK: 40, seed: 5 });
    expect(turn.maxTokens).toBeUndefined();
  });

  it.each([
    ['messages', { messages: [] }],
    ['messages[0].role', { messages: [{ ...HELLO, role: Role.ROLE_UNSPECIFIED }] }],
    ['messages[0].role', { messages: [{ ...HELLO, role: 9 as Role }] }],
    ['messages[1].content', { messages: [HELLO, { role: Role.ROLE_USER, content: [] }] }],
    ['messages[0].content', { messages: [{ role: Role.ROLE_USER, content: [{ part: { $case: 'text' as const, text: ' \n' } }] }] }],
    ['messages[0].content[0]', { messages: [{ role: Role.ROLE_USER, content: [{ part: undefined }] }] }],
    ['messages[0].content[0].video.sha256', { messages: [{ role: Role.ROLE_USER, content: [{ part: { $case: 'video' as const, video: { ...VIDEO, sha256: '' } } }] }] }],
    ['video_mode', { videoMode: 9 as VideoMode }],
    ['sampling.temperature', { sampling: { ...SAMPLING, temperature: -0.1 } }],
    ['sampling.temperature', { sampling: { ...SAMPLING, temperature: Number.NaN } }],
    ['sampling.temperature', { sampling: { ...SAMPLING, temperature: 2.1 } }],
    ['sampling.top_p', { sampling: { ...SAMPLING, topP: 1.1 } }],
    ['sampling.top_k', { sampling: { ...SAMPLING, topK: -1 } }],
    ['sampling.repetition_penalty', { sampling: { ...SAMPLING, repetitionPenalty: -1 } }],
    ['sampling.seed', { sampling: { ...SAMPLING, seed: 2 ** 60 } }],
    ['sampling.max_tokens', { sampling: { ...SAMPLING, maxTokens: -1 } }],
    ['sampling.stop', { sampling: { ...SAMPLING, stop: [''] } }],
  ])('refuses a bad %s', (param, changes) => {
    expect(() => turnOf(request(changes))).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});

describe('eventToWire', () => {
  const end = { reason: 'length' as const, promptTokens: 1, videoTokens: 2, completionTokens: 3, cachedTokens: 4, firstTokenMs: 5, modelMs: 6, visionMs: 7, bundleRevision: 'rev', seed: 8 };

  it.each([
    [{ kind: 'text' as const, text: 'Hi' }, { event: { $case: 'text', text: { text: 'Hi' } } }],
    [{ kind: 'caption' as const, index: 1, caption: 'a ball', truncated: true }, { event: { $case: 'caption', caption: { index: 1, caption: 'a ball', truncated: true } } }],
    [{ kind: 'finish' as const, end }, { event: { $case: 'finish', finish: { ...end, reason: FinishReason.FINISH_REASON_LENGTH } } }],
    [{ kind: 'finish' as const, end: { ...end, reason: 'stop' as const } }, { event: { $case: 'finish', finish: { ...end, reason: FinishReason.FINISH_REASON_STOP } } }],
  ])('maps %j', (event, wire) => {
    expect(eventToWire(event)).toEqual(wire);
  });
});
