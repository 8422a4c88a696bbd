import { readFileSync } from 'node:fs';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import type { GenerateEvent, GenerateRequest, LanguageModel, PromptPiece } from '@gpt4video/ports/language-model';
import { assembleModel, wave, waveAdapter } from './assembled-model.js';
import type { AssembledModel } from './assembled-model.js';

interface Greedy {
  readonly answer: readonly number[];
  readonly leads: readonly number[];
}

interface Golden {
  readonly base: string;
  readonly texts: readonly { text: string; ids: number[] }[];
  readonly answers: readonly (Greedy & { question: string; prompt: number[] })[];
  readonly vectors: Greedy & { before: number[]; after: number[]; count: number };
  readonly lora: readonly (Greedy & { prompt: number[] })[];
}

const golden = JSON.parse(readFileSync(new URL('../../libs/model/fixtures/language.json', import.meta.url), 'utf8')) as Golden;
const greedy = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 };
const never = new AbortController().signal;
const EOS = 2;

const tokens = (ids: readonly number[]): PromptPiece => ({ kind: 'tokens', ids });
const request = (prompt: readonly PromptPiece[], changes: Partial<GenerateRequest> = {}): GenerateRequest => ({ prompt, sampling: greedy, maxTokens: 40, stopIds: [EOS], ...changes });

async function run(model: LanguageModel, what: GenerateRequest, signal = never): Promise<{ ids: number[]; end: Extract<GenerateEvent, { kind: 'end' }> }> {
  const ids: number[] = [];
  for await (const event of model.generate(what, signal)) {
    if (event.kind === 'end') return { ids, end: event };
    ids.push(event.id);
  }
  throw new Error('the stream ended without an end event');
}

/** Activations are rounded to 8 bits, so a choice that led by less than this many logits may fall the other way. */
const CLEAR_LEAD = 0.3;

/** Places of an answer that are tried; each costs a prompt. */
const PLACES = 8;

/** Feeds the reference's own answer and asks for the next token, at places spread over the answer where the reference was clear. */
async function expectSameChoices(model: LanguageModel, prompt: readonly PromptPiece[], { answer, leads }: Greedy): Promise<void> {
  const chosen: (number | undefined)[] = [];
  const expected: (number | undefined)[] = [];
  const clear = answer.map((_, place) => place).filter((place) => (leads[place] ?? 0) >= CLEAR_LEAD);
  const stride = Math.ceil(clear.length / PLACES);
  for (const place of clear.filter((_, index) => index % stride === 0)) {
    const { ids } = await run(model, request([...prompt, tokens(answer.slice(0, place))], { maxTokens: 1, stopIds: [] }));
    chosen.push(ids[0]);
    expected.push(answer[place]);
  }
  expect(chosen).toEqual(expected);
}

describe('the language model against transformers in float32', () => {
  let base: AssembledModel;
  beforeAll(async () => {
    base = await assembleModel(golden.base);
  }, 120_000);
  afterAll(() => base?.remove());

  it('takes texts apart into the same ids', () => {
    const tokenizer = HfTokenizer.parse(base.tokenizer);
    expect(golden.texts.map(({ text }) => tokenizer.encode(text, { special: false }))).toEqual(golden.texts.map(({ ids }) => ids));
    expect(tokenizer.encode('<|im_start|>user\n', { special: true })).toEqual([1, 4093, 198]);
    expect(tokenizer.encode('<|im_end|>', { special: false })).not.toContain(EOS);
  });

  it('gives back the bytes of every text, however it was cut', () => {
    const tokenizer = HfTokenizer.parse(base.tokenizer);
    for (const { text, ids } of golden.texts) expect(Buffer.concat(ids.map((id) => tokenizer.bytesOf(id))).toString('utf8')).toBe(text);
  });

  it('says that the capital of France is Paris', async () => {
    const tokenizer = HfTokenizer.parse(base.tokenizer);
    const { ids } = await run(base.model, request([tokens(golden.answers[0]?.prompt ?? [])]));
    expect(Buffer.concat(ids.map((id) => tokenizer.bytesOf(id))).toString('utf8')).toContain('Paris');
  });

  it.each(golden.answers)('chooses the same tokens in answer to "$question"', async (reference) => {
    await expectSameChoices(base.model, [tokens(reference.prompt)], reference);
  });

  it('says the whole of a sure answer', async () => {
    const { prompt, answer } = golden.answers[0] ?? { prompt: [], answer: [] };
    const { ids, end } = await run(base.model, request([tokens(prompt)]));
    expect([...ids, EOS]).toEqual(answer);
    expect(end).toMatchObject({ reason: 'stop', promptTokens: prompt.length, completionTokens: answer.length });
  });

  it('reads vectors between tokens', async () => {
    const { before, after, count } = golden.vectors;
    const vectors = wave(count * 576, 0, 0.1);
    const prompt: PromptPiece[] = [tokens(before), { kind: 'vectors', vectors, count, sha256: 'wave' }, tokens(after)];
    await expectSameChoices(base.model, prompt, golden.vectors);
    expect((await run(base.model, request(prompt))).end.promptTokens).toBe(before.length + count + after.length);
  });

  it('reuses what earlier turns read and says the same, bit for bit', async () => {
    const { before, after, count } = golden.vectors;
    const vectors = wave(count * 576, 0, 0.1);
    const prompt = (sha256: string): PromptPiece[] => [tokens([40, ...before]), { kind: 'vectors', vectors, count, sha256 }, tokens(after)];
    const sampled = { sampling: { ...greedy, temperature: 1.5, seed: 11 }, maxTokens: 20, stopIds: [] };
    const cold = await run(base.model, request(prompt('wave'), sampled));
    const warm = await run(base.model, request(prompt('wave'), sampled));
    expect([cold.end.cachedTokens, warm.end.cachedTokens]).toEqual([0, 64]);
    expect(warm.ids).toEqual(cold.ids);
    const other = await run(base.model, request(prompt('another'), sampled));
    expect(other.end.cachedTokens).toBe(0);
  });

  it('keeps two conversations apart, and goes on with each where it was, however long the other grew', async () => {
    const text = (start: number, length: number) => Array.from({ length }, (_, index) => 1000 + start + ((index * 37) % 4000));
    const sampled = { sampling: { ...greedy, temperature: 1.5, seed: 5 }, maxTokens: 12, stopIds: [] };
    const say = (ids: readonly number[]) => run(base.model, request([tokens(ids)], sampled));
    const shared = text(0, 128);
    const one = [...shared, ...text(7, 130)];
    const two = [...shared, ...text(11, 300)];
    const first = [await say(one), await say(two)];
    const again = [await say([...one, ...text(13, 40)]), await say([...two, ...text(13, 40)]), await say(one), await say(two)];
    expect([...first, ...again].map(({ end }) => end.cachedTokens)).toEqual([0, 128, 256, 384, 256, 384]);
    expect(again.slice(2).map(({ ids }) => ids)).toEqual(first.map(({ ids }) => ids));
  });

  it('goes on after a prompt that was cut off in the middle', async () => {
    // The same vector by another name is another prompt: it is read from the beginning.
    const prompt = (sha256: string): PromptPiece[] => [{ kind: 'vectors', vectors: wave(576, 3, 0.1), count: 1, sha256 }, tokens(Array.from({ length: 500 }, (_, index) => 2000 + ((index * 53) % 3000)))];
    const sampled = { sampling: { ...greedy, temperature: 1.5, seed: 3 }, maxTokens: 8, stopIds: [] };
    const controller = new AbortController();
    const cut = run(base.model, request(prompt('cut'), sampled), controller.signal);
    controller.abort();
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    const warm = await run(base.model, request(prompt('cut'), sampled));
    const cold = await run(base.model, request(prompt('whole'), sampled));
    expect(warm.end.cachedTokens).toBeGreaterThanOrEqual(64);
    expect(warm.end.cachedTokens).toBeLessThan(448);
    expect(cold.end.cachedTokens).toBe(0);
    expect(warm.ids).toEqual(cold.ids);
  });

  it('stops at the next token when the signal fires, and is free again', async () => {
    const controller = new AbortController();
    let seen = 0;
    const work = (async () => {
      for await (const event of base.model.generate(request([tokens([1])], { maxTokens: 400, stopIds: [] }), controller.signal)) {
        if (event.kind === 'token' && ++seen === 3) controller.abort();
      }
    })();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toBeLessThan(8);
    expect((await run(base.model, request([tokens([1])], { maxTokens: 2, stopIds: [] }))).ids).toHaveLength(2);
  });

  it('stops when the caller stops pulling', async () => {
    for await (const event of base.model.generate(request([tokens([1])], { maxTokens: 4000, stopIds: [] }), never)) {
      if (event.kind === 'token') break;
    }
    const { end } = await run(base.model, request([tokens([1])], { maxTokens: 1, stopIds: [] }));
    expect(end.totalMs).toBeLessThan(5000);
  });

  it('refuses a prompt beyond the context and an id outside the vocabulary', async () => {
    await expect(run(base.model, request([tokens(new Array<number>(8192).fill(5))]))).rejects.toMatchObject({ code: 'context_length_exceeded' });
    await expect(run(base.model, request([tokens([49_152])]))).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the language model with an adapter', () => {
  let adapted: AssembledModel;
  beforeAll(async () => {
    adapted = await assembleModel(golden.base, waveAdapter());
  }, 120_000);
  afterAll(() => adapted?.remove());

  it('answers as the model with the merged adapter does, and not as the base model', async () => {
    for (const reference of golden.lora) {
      await expectSameChoices(adapted.model, [tokens(reference.prompt)], reference);
    }
    expect(golden.lora.map(({ answer }) => answer)).not.toEqual(golden.answers.map(({ answer }) => answer));
  });
});
