import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LoadedBundle, loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { FfmpegVideoCodec } from '@gpt4video/adapters/ffmpeg/ffmpeg-video-codec';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { preprocessFrames } from '@gpt4video/model/clip/preprocess';
import { chooseForUnderstanding } from '@gpt4video/model/frames/choosers';
import { renderPrompt } from '@gpt4video/model/language/prompt-template';
import { expectFloats } from '@gpt4video/model/tensor/tensor';

interface Digest {
  readonly shape: readonly number[];
  readonly meanAbs: number;
  readonly first: readonly number[];
}
interface Golden {
  readonly file: string;
  readonly frameIndices: readonly number[];
  readonly features: Digest;
  readonly tokens: Digest;
  readonly turns: readonly { readonly question: string; readonly promptIds: readonly number[]; readonly visualAt: number }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = JSON.parse(readFileSync(`${root}test/fixtures/cartoon-golden.json`, 'utf8')) as Golden;
const limits = { maxDurationMs: 60_000, maxPixels: 1 << 24, maxStreams: 8, maxFrames: 1_000, maxWorkMs: 30_000 };
const never = new AbortController().signal;

describe('the shipped bundle, run here and in Python, on one clip', () => {
  let bundle: LoadedBundle;
  let features: Float32Array;
  let tokens: Float32Array;
  let indices: readonly number[];

  beforeAll(async () => {
    bundle = await loadBundle({ folder: `${root}models/cartoon`, cache: modelCacheFolder(process.env) });
    const codec = new FfmpegVideoCodec();
    const { selections } = await codec.decode(`${root}${golden.file}`, { choosers: [chooseForUnderstanding], limits, maxSide: 640 }, never);
    await codec.close();
    const frames = selections[0] ?? [];
    indices = frames.map(({ index }) => index);
    const { vision, abstractor } = bundle.manifest;
    const eyes = await OnnxModelSession.open({ path: bundle.pathOf(vision.file) });
    const condenser = await OnnxModelSession.open({ path: bundle.pathOf(abstractor.file) });
    features = expectFloats('features', (await eyes.run({ pixels: preprocessFrames(frames, { size: vision.size, ...vision.preprocess }) }))['features'], ['N', 'P', 'W']).data;
    tokens = expectFloats('tokens', (await condenser.run({ features: { shape: [1, ...golden.features.shape], data: Float32Array.from(features) } }))['tokens'], ['B', 'Q', 'D']).data;
    await Promise.all([eyes.close(), condenser.close()]);
  }, 120_000);

  it('samples the same frames', () => {
    expect(indices).toEqual(golden.frameIndices);
  });

  // The two decoders convert colours a rounding apart, and nothing else may differ: a wrong frame, mean or resize moves these by ten times as much.
  it.each([
    ['patch features', () => features, golden.features],
    ['visual tokens', () => tokens, golden.tokens],
  ])('computes the same %s', (_name, values, { shape, meanAbs, first }) => {
    const found = values();
    expect(found.length).toBe(shape.reduce((a, b) => a * b));
    const mean = found.reduce((sum, value) => sum + Math.abs(value), 0) / found.length;
    expect(Math.abs(mean / meanAbs - 1)).toBeLessThan(0.01);
    const worst = Math.max(...first.map((value, index) => Math.abs(value - (found[index] ?? Infinity))));
    expect(worst).toBeLessThan(0.15 * Math.max(...first.map(Math.abs)));
  });

  it.each(golden.turns)('writes the same prompt for "$question"', async ({ question, promptIds, visualAt }) => {
    const tokenizer = await HfTokenizer.load(bundle.language.tokenizer);
    const segments = renderPrompt([{ role: 'user', content: [{ kind: 'video', video: 0 }, { kind: 'text', text: question }] }], bundle.manifest.language.template);
    const video = segments.findIndex(({ kind }) => kind === 'video');
    const ids = segments.map((segment) => (segment.kind === 'text' ? tokenizer.encode(segment.text, { special: segment.special }) : []));
    expect(ids.flat()).toEqual(promptIds);
    expect(ids.slice(0, video).flat().length).toBe(visualAt);
  });

});
