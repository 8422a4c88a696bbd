import { DrawnVideoCodec } from './drawn-video-codec.js';
import { FunctionModelSession } from './function-model-session.js';
import { PatternFilmModel } from './pattern-film-model.js';
import { ScriptedLanguageModel } from './scripted-language-model.js';

const never = new AbortController().signal;
const coded = (code: string): unknown => expect.objectContaining({ code });

describe('FunctionModelSession', () => {
  const spec = { name: 'x', type: 'float32', shape: ['B', 2] };
  const session = new FunctionModelSession([spec], [{ ...spec, name: 'y' }], ({ x }) => ({ y: { shape: x?.shape ?? [], data: Float32Array.from(x?.data as Float32Array, (value) => value * 2) } }));

  it('computes', async () => {
    const { y } = await session.run({ x: { shape: [1, 2], data: Float32Array.of(1, 2) } });
    expect(y).toEqual({ shape: [1, 2], data: Float32Array.of(2, 4) });
  });

  it('refuses other names, shapes and lengths', async () => {
    await expect(session.run({})).rejects.toEqual(coded('internal'));
    await expect(session.run({ x: { shape: [1, 3], data: new Float32Array(3) } })).rejects.toEqual(coded('internal'));
    await expect(session.run({ x: { shape: [2, 2], data: new Float32Array(3) } })).rejects.toEqual(coded('internal'));
  });
});

describe('ScriptedLanguageModel', () => {
  const request = { prompt: [{ kind: 'tokens', ids: [1, 2] }], sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 }, maxTokens: 3, stopIds: [9] } as const;
  const said = async (answer: readonly number[]): Promise<unknown[]> => {
    const events: unknown[] = [];
    for await (const event of new ScriptedLanguageModel(4, 8, () => answer).generate(request, never)) events.push(event.kind === 'token' ? event.id : event.reason);
    return events;
  };

  it('stops at a stop id or at the bound', async () => {
    expect(await said([5, 6, 9, 7])).toEqual([5, 6, 'stop']);
    expect(await said([5, 6, 7, 8])).toEqual([5, 6, 7, 'length']);
  });

  it('refuses a prompt that does not fit', async () => {
    const small = new ScriptedLanguageModel(4, 2, () => []);
    await expect(small.generate(request, never).next()).rejects.toEqual(coded('context_length_exceeded'));
  });
});

describe('PatternFilmModel', () => {
  const limits = { sizes: ['4x2'], maxSteps: 9, frames: 2, fps: 8, defaults: { steps: 2, guidanceScale: 1 }, captionTokens: 32 };
  const spec = { caption: 'a star', negativePrompt: '', seed: 7, steps: 2, guidanceScale: 1, width: 4, height: 2, frames: 2, fps: 8 };

  it('paints the same for the same spec and another film for another seed', async () => {
    const model = new PatternFilmModel(limits);
    const steps: number[] = [];
    const one = await model.film(spec, ({ step }) => steps.push(step), never);
    expect(steps).toEqual([1, 2]);
    expect(await model.film(spec, () => undefined, never)).toEqual(one);
    expect((await model.film({ ...spec, seed: 8 }, () => undefined, never)).pixels).not.toEqual(one.pixels);
  });

  it('stops at a step', async () => {
    const controller = new AbortController();
    const model = new PatternFilmModel(limits, (step) => Promise.resolve(step === 2 ? controller.abort() : undefined));
    const steps: number[] = [];
    await expect(model.film(spec, ({ step }) => steps.push(step), controller.signal)).rejects.toEqual(coded('cancelled'));
    expect(steps).toEqual([1]);
  });
});

describe('DrawnVideoCodec', () => {
  const facts = { container: 'mp4', codec: 'h264', width: 40, height: 20, durationMs: 1000, frameCount: 10, frameRate: 10 };
  const limits = { maxDurationMs: 1000, maxPixels: 800, maxStreams: 1, maxFrames: 10, maxWorkMs: 1 };
  const codec = new DrawnVideoCodec((path) => (path === '/good' ? facts : undefined));

  it('gives each chooser its frames, scaled down', async () => {
    const { selections } = await codec.decode('/good', { choosers: [(count) => [0, count - 1], () => [3]], limits, maxSide: 20 }, never);
    expect(selections.map((selection) => selection.map(({ index, pixels, width, height }) => [index, pixels[0], width, height]))).toEqual([[[0, 0, 20, 10], [9, 9, 20, 10]], [[3, 3, 20, 10]]]);
  });

  it('keeps the limits', async () => {
    await expect(codec.probe('/bad', limits, never)).rejects.toEqual(coded('invalid_video'));
    await expect(codec.probe('/good', { ...limits, maxDurationMs: 999 }, never)).rejects.toEqual(coded('video_too_long'));
    await expect(codec.probe('/good', { ...limits, maxPixels: 799 }, never)).rejects.toEqual(coded('video_too_large'));
  });
});
