import type { GenerateRequest, PromptPiece } from '@gpt4video/ports/language-model';
import { generateTokens, promptLength } from './generate.js';
import type { TokenEvent, TokenModel } from './generate.js';

const VOCABULARY = 8;
const END = 7;
const sampling = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 1 };
const prompt: PromptPiece[] = [
  { kind: 'tokens', ids: [1, 2] },
  { kind: 'vectors', vectors: new Float32Array(6), count: 3, sha256: 'x' },
  { kind: 'tokens', ids: [3] },
];

/** After token n comes n + 1; the prompt ends in 3. */
class CountingModel implements TokenModel {
  readonly read: number[] = [];

  prefill(pieces: readonly PromptPiece[]): Promise<Float32Array> {
    const last = pieces.at(-1);
    return this.next(last?.kind === 'tokens' ? (last.ids.at(-1) ?? 0) : 0);
  }

  next(id: number): Promise<Float32Array> {
    this.read.push(id);
    const logits = new Float32Array(VOCABULARY);
    logits[(id + 1) % VOCABULARY] = 1;
    return Promise.resolve(logits);
  }
}

async function collect(request: Partial<GenerateRequest>, model: TokenModel = new CountingModel(), signal = new AbortController().signal): Promise<TokenEvent[]> {
  const events: TokenEvent[] = [];
  for await (const event of generateTokens(model, { prompt, sampling, maxTokens: 10, stopIds: [END], ...request }, signal)) events.push(event);
  return events;
}

const token = (id: number): TokenEvent => ({ kind: 'token', id });

describe('generateTokens', () => {
  it('ends at a stop id, which it does not yield', async () => {
    expect(await collect({})).toEqual([token(4), token(5), token(6), { kind: 'end', reason: 'stop', completionTokens: 4 }]);
  });

  it('ends at the token limit without reading the last token', async () => {
    const model = new CountingModel();
    expect(await collect({ maxTokens: 2 }, model)).toEqual([token(4), token(5), { kind: 'end', reason: 'length', completionTokens: 2 }]);
    expect(model.read).toEqual([3, 4]);
  });

  it('does nothing that is not pulled', async () => {
    const model = new CountingModel();
    const events = generateTokens(model, { prompt, sampling, maxTokens: 10, stopIds: [END] }, new AbortController().signal);
    expect(model.read).toEqual([]);
    await events.next();
    expect(model.read).toEqual([3]);
    await events.return(undefined);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(model.read).toEqual([3]);
  });

  it('stops at the next token once the signal fires', async () => {
    const model = new CountingModel();
    const abort = new AbortController();
    const events = generateTokens(model, { prompt, sampling, maxTokens: 10, stopIds: [END] }, abort.signal);
    await events.next();
    abort.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(model.read).toEqual([3]);
  });

  it('does not start once the signal has fired', async () => {
    const model = new CountingModel();
    await expect(collect({}, model, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(model.read).toEqual([]);
  });

  it('gives the same tokens for the same seed', async () => {
    const warm = { sampling: { ...sampling, temperature: 2, seed: 9 }, maxTokens: 30, stopIds: [] };
    expect(await collect(warm)).toEqual(await collect(warm));
  });

  it.each([
    [{ prompt: [] }, 'prompt is empty'],
    [{ maxTokens: 0 }, '"max_tokens" must be'],
    [{ sampling: { ...sampling, topP: 2 } }, '"top_p" must be'],
  ])('refuses %j', (change, fault) => expect(collect(change)).rejects.toThrow(fault));
});

describe('promptLength', () => {
  it('counts ids and vectors', () => expect(promptLength(prompt)).toBe(6));
});
