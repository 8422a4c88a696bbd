import type { TurnMessage } from '@gpt4video/model/language/prompt-template';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { LanguageModel, type GenerateEvent, type GenerateRequest } from '@gpt4video/ports/language-model';
import type { TextTokenizer } from '@gpt4video/ports/text-tokenizer';
import { CaptionForcer } from './caption-forcer.js';
import { ConverseService } from './converse.service.js';
import { DialogueLanguage } from './dialogue-language.js';
import type { DialogueSettings } from './dialogue-settings.js';
import { PromptBuilder } from './prompt-builder.js';
import type { AnswerEnd, AnswerEvent, Turn } from './turn.js';
import { VisualTokenSource, type VisualTokens } from './visual-token-source.js';

const SPECIAL = ['<|im_start|>', '<|im_end|>'];
const FIRST_SPECIAL = 256;
const END = FIRST_SPECIAL + 1;
const never = new AbortController().signal;
const SETTINGS: DialogueSettings = {
  bundleRevision: 'rev',
  template: { system: 'S', turnOpen: '<|im_start|>{role}\n', turnClose: '<|im_end|>\n', videoOpen: '<video>', videoClose: '</video>', stop: ['<|im_end|>'] },
  defaults: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, maxTokens: 200 },
  visualTokens: 2,
  visualWidth: 1,
  captionTokens: 12,
};

/** One id per UTF-8 byte; the template's markers are one id each where they are special. */
const bytewise: TextTokenizer = {
  encode: (text, { special }) => {
    const parts = special ? text.split(/(<\|im_start\|>|<\|im_end\|>)/) : [text];
    return parts.flatMap((part) => (special && SPECIAL.includes(part) ? [FIRST_SPECIAL + SPECIAL.indexOf(part)] : [...Buffer.from(part)]));
  },
  bytesOf: (id) => (id < FIRST_SPECIAL ? Uint8Array.of(id) : new Uint8Array()),
};

/** Says its lines one after the other, a byte a token, then ends its turn. */
class ScriptedModel extends LanguageModel {
  override readonly width = 1;
  override readonly execution = { provider: 'cpu' } as const;
  override contextTokens = 1_000;
  readonly requests: GenerateRequest[] = [];
  produced = 0;

  constructor(private readonly lines: readonly string[]) {
    super();
  }

  override async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const line = [...Buffer.from(this.lines[this.requests.length] ?? '')];
    this.requests.push(request);
    const end = (reason: 'stop' | 'length', completionTokens: number): GenerateEvent => ({ kind: 'end', reason, promptTokens: 9, cachedTokens: 7, completionTokens, firstTokenMs: 3, totalMs: 30 });
    for (const [index, id] of line.entries()) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new DomainError('cancelled', 'Cancelled.');
      if (index >= request.maxTokens) return yield end('length', index);
      this.produced += 1;
      yield { kind: 'token', id };
    }
    yield end('stop', line.length);
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

class Looked extends VisualTokenSource {
  readonly asked: string[] = [];
  fault: Error | undefined;
  count = 2;

  override async tokensOf(video: AssetRef): Promise<VisualTokens> {
    this.asked.push(video.key);
    if (this.fault !== undefined) throw this.fault;
    return await Promise.resolve({ vectors: new Float32Array(this.count).fill(video.bytes), count: this.count, width: 1, sha256: `tokens of ${video.key}` });
  }
}

function setUp(...lines: readonly string[]) {
  const model = new ScriptedModel(lines);
  const source = new Looked();
  const language = new DialogueLanguage(bytewise, bytewise, SETTINGS);
  const prompts = new PromptBuilder(bytewise, source, SETTINGS);
  const ends: AnswerEnd[] = [];
  const service = new ConverseService(prompts, model, language, new CaptionForcer(model, prompts, language), { answered: (end) => ends.push(end) });
  return { model, source, service, ends };
}

function video(key: string, bytes = 1): AssetRef {
  return { bucket: 'b', key, sha256: `sha of ${key}`, bytes, mediaType: 'video/mp4' };
}

function ask(text: string, ...videos: readonly AssetRef[]): TurnMessage<AssetRef> {
  return { role: 'user', content: [...videos.map((each) => ({ kind: 'video' as const, video: each })), { kind: 'text', text }] };
}

function turn(changes: Partial<Turn> = {}): Turn {
  return { messages: [ask('Hi')], sampling: {}, stop: [], videoMode: 'auto', ...changes };
}

async function answer(service: ConverseService, asked: Turn, signal = never) {
  const events: AnswerEvent[] = [];
  for await (const event of service.converse(asked, signal)) events.push(event);
  const text = events.map((event) => (event.kind === 'text' ? event.text : '')).join('');
  const captions = events.flatMap((event) => (event.kind === 'caption' ? [event] : []));
  const last = events.at(-1);
  if (last?.kind !== 'finish') throw new Error('the answer has no end');
  return { events, text, captions, end: last.end };
}

/** The prompt as text; visual tokens as `[count:value]`. */
function shown(request: GenerateRequest | undefined): string {
  const text = (ids: readonly number[]): string => ids.map((id) => (id < FIRST_SPECIAL ? String.fromCharCode(id) : SPECIAL[id - FIRST_SPECIAL])).join('');
  return (request?.prompt ?? []).map((piece) => (piece.kind === 'tokens' ? text(piece.ids) : `[${piece.count}:${piece.vectors[0]}]`)).join('');
}

describe('ConverseService: the prompt', () => {
  it('splices the visual tokens of every video in where it was shown, asking for each video once', async () => {
    const { model, source, service } = setUp('ok');
    const messages: TurnMessage<AssetRef>[] = [ask('A?', video('v', 5)), { role: 'assistant', content: [{ kind: 'text', text: 'A.' }] }, ask('B?', video('w', 6), video('v', 5))];
    const { end } = await answer(service, turn({ messages }));
    expect(shown(model.requests[0])).toBe(
      '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n<video>[2:5]</video>\nA?<|im_end|>\n<|im_start|>assistant\nA.<|im_end|>\n' +
        '<|im_start|>user\n<video>[2:6]</video>\n<video>[2:5]</video>\nB?<|im_end|>\n<|im_start|>assistant\n',
    );
    expect(source.asked.sort()).toEqual(['v', 'w']);
    expect(end.videoTokens).toBe(6);
    expect(end.promptTokens).toBe((model.requests[0]?.prompt ?? []).reduce((sum, piece) => sum + (piece.kind === 'tokens' ? piece.ids.length : 0), 0));
  });

  it('does not let typed words close a turn', async () => {
    const { model, service } = setUp('ok');
    await answer(service, turn({ messages: [ask('x<|im_end|>')] }));
    const ids = model.requests[0]?.prompt.flatMap((piece) => (piece.kind === 'tokens' ? piece.ids : [])) ?? [];
    expect(ids.filter((id) => id === END)).toHaveLength(2);
  });

  it('says by how much a conversation is too long', async () => {
    const { model, service } = setUp('ok');
    model.contextTokens = 20;
    const failure = answer(service, turn());
    await expect(failure).rejects.toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
    await expect(failure).rejects.toThrow(/\d+ more than fit/);
    expect(model.requests).toEqual([]);
  });

  it('never asks for more tokens than the context has room for', async () => {
    const { model, service } = setUp('ok');
    const { end } = await answer(service, turn());
    model.contextTokens = end.promptTokens + 5;
    await answer(service, turn({ maxTokens: 50 }));
    expect(model.requests.map(({ maxTokens }) => maxTokens)).toEqual([200, 5]);
  });

  it('refuses visual tokens of another bundle', async () => {
    const { source, service } = setUp('ok');
    source.count = 3;
    await expect(answer(service, turn({ messages: [ask('A?', video('v'))] }))).rejects.toMatchObject({ code: 'model_unavailable' });
  });

  it('passes on what the abstractor says about a video', async () => {
    const { source, service } = setUp('ok');
    source.fault = new DomainError('invalid_video', 'Not a video.');
    await expect(answer(service, turn({ messages: [ask('A?', video('v'))] }))).rejects.toMatchObject({ code: 'invalid_video' });
  });

  it('fills what the request leaves open from the bundle', async () => {
    const { model, service } = setUp('a', 'b');
    await answer(service, turn());
    await answer(service, turn({ sampling: { temperature: 0.5, seed: 4 } }));
    expect(model.requests.map(({ sampling }) => sampling)).toEqual([
      { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 },
      { temperature: 0.5, topP: 1, topK: 0, repetitionPenalty: 1, seed: 4 },
    ]);
    expect(model.requests[0]?.stopIds).toEqual([END]);
  });
});

describe('ConverseService: the answer', () => {
  it('joins characters that are split over tokens', async () => {
    const { service } = setUp('Ein Fußgänger 🚶');
    expect((await answer(service, turn())).text).toBe('Ein Fußgänger 🚶');
  });

  it('gives a caption whose tags are split over tokens, and never shows a tag', async () => {
    const { service, ends } = setUp('Here: <video>a  red ball</video> Enjoy.');
    const { text, captions, events, end } = await answer(service, turn());
    expect(captions).toEqual([{ kind: 'caption', index: 0, caption: 'a red ball', truncated: false }]);
    expect(text).toBe('Here:  Enjoy.');
    expect(events.filter((event) => event.kind === 'text').every((event) => !event.text.includes('<'))).toBe(true);
    expect(ends).toEqual([end]);
  });

  it('says when the text encoder does not read all of a caption', async () => {
    const { service } = setUp('<video>twelve chars</video><video>thirteen char</video>');
    expect((await answer(service, turn())).captions.map(({ truncated }) => truncated)).toEqual([false, true]);
  });

  it('drops captions that are not wanted', async () => {
    const { service } = setUp('No film: <video>a ball</video>sorry');
    const { text, captions } = await answer(service, turn({ videoMode: 'none' }));
    expect(captions).toEqual([]);
    expect(text).toBe('No film: sorry');
  });

  it('continues after an opening tag when a caption is required and none came', async () => {
    const { model, service } = setUp('Gladly.', 'a blue star</video> and more');
    const { text, captions, end } = await answer(service, turn({ videoMode: 'required', sampling: { temperature: 1 } }));
    expect(captions).toEqual([{ kind: 'caption', index: 0, caption: 'a blue star', truncated: false }]);
    expect(text).toBe('Gladly.');
    expect(shown(model.requests[1])).toBe(`${shown(model.requests[0])}Gladly.<video>`);
    expect(model.requests[1]).toMatchObject({ maxTokens: 12 + '</video>'.length, sampling: { temperature: 0 } });
    expect(end.completionTokens).toBe('Gladly.'.length + 'a blue star</video>'.length);
  });

  it('ends a required caption at the limit, without the beginning of its closing tag', async () => {
    const { service } = setUp('Gladly.', 'a caption of 18 ch</video>');
    const { captions } = await answer(service, turn({ videoMode: 'required' }));
    expect(captions).toEqual([{ kind: 'caption', index: 0, caption: 'a caption of 18 ch', truncated: true }]);
  });

  it('does not ask again when the required caption came by itself', async () => {
    const { model, service } = setUp('<video>a ball</video>');
    await answer(service, turn({ videoMode: 'required' }));
    expect(model.requests).toHaveLength(1);
  });

  it('ends at a stop string that is split over tokens, without showing any of it', async () => {
    const { model, service } = setUp('one two END three');
    const { text, end } = await answer(service, turn({ stop: ['END'] }));
    expect(text).toBe('one two ');
    expect(end).toMatchObject({ reason: 'stop', completionTokens: 'one two END'.length });
    expect(model.produced).toBe('one two END'.length);
  });

  it('reports the limit, the seed, the revision and the cached tokens', async () => {
    const { service } = setUp('one two three');
    const { text, end } = await answer(service, turn({ maxTokens: 3, sampling: { seed: 11 } }));
    expect(text).toBe('one');
    expect(end).toMatchObject({ reason: 'length', completionTokens: 3, cachedTokens: 7, firstTokenMs: 3, modelMs: 30, seed: 11, bundleRevision: 'rev' });
  });

  it('stops the token loop when the signal fires', async () => {
    const { model, service, ends } = setUp('a very long answer indeed');
    const caller = new AbortController();
    const reading = (async () => {
      for await (const event of service.converse(turn(), caller.signal)) if (event.kind === 'text' && model.produced >= 3) caller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(model.produced).toBe(3);
    expect(ends).toEqual([]);
  });

  it('stops the token loop when the reader leaves', async () => {
    const { model, service } = setUp('a very long answer indeed');
    for await (const event of service.converse(turn(), never)) if (event.kind === 'text' && model.produced >= 2) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(model.produced).toBe(2);
  });
});
