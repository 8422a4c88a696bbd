import { decodeSafetensors, encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { TensorMap } from '@gpt4video/ports/model-session';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { EncodeVideoService } from './encode-video.service.js';
import { FrameBatcher } from './frame-batcher.js';
import { FrameSource } from './frame-source.js';
import { VisionModel } from './vision-model.js';
import type { VisionSettings } from './vision-settings.js';

const SIZE = 2;
const SETTINGS: VisionSettings = {
  revision: '1-test',
  bundleRevision: 'test',
  preprocess: { size: SIZE, resize: 'squash', interpolation: 'bicubic', mean: [0, 0, 0], std: [1, 1, 1] },
  tokens: 2,
  width: 1,
  maxBatchFrames: 4,
};
const never = new AbortController().signal;

/** Features of a frame: its first red value, and that value plus one. */
class RedModel extends VisionModel {
  override readonly execution = { provider: 'cpu' } as const;
  override readonly inputs = [];
  override readonly outputs = [];
  readonly batches: number[] = [];
  fault: Error | undefined;
  beforeRun: () => void = () => undefined;

  override async run({ pixels }: TensorMap): Promise<TensorMap> {
    const count = pixels?.shape[0] ?? 0;
    this.batches.push(count);
    this.beforeRun();
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fault !== undefined) throw this.fault;
    const reds = Array.from({ length: count }, (_, frame) => Number(pixels?.data[frame * 3 * SIZE * SIZE]));
    return { features: { shape: [count, 2, 1], data: Float32Array.from(reds.flatMap((red) => [red, red + 1])) } };
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** Stores frames whose levels are given, as the frame extractor would. */
class StoredFrames extends FrameSource {
  asks = 0;

  constructor(
    private readonly store: MemoryObjectStore,
    private readonly levels: readonly number[],
  ) {
    super();
  }

  override async framesOf(video: AssetRef): Promise<AssetRef> {
    this.asks += 1;
    const data = Uint8Array.from(this.levels.flatMap((level) => Array.from({ length: SIZE * SIZE * 3 }, () => level)));
    const bytes = encodeSafetensors({ frames: { shape: [this.levels.length, SIZE, SIZE, 3], data } });
    return await this.store.put(`${video.sha256}/frames/understanding`, bytes, { mediaType: 'application/vnd.safetensors' });
  }
}

function video(letter = 'a'): AssetRef {
  return { bucket: 'b', key: `uploads/${letter}`, sha256: letter.repeat(64), bytes: 3, mediaType: 'video/mp4' };
}

function setUp(levels: readonly number[] = [0, 51, 102, 255]) {
  const store = new MemoryObjectStore();
  const model = new RedModel();
  const source = new StoredFrames(store, levels);
  const answers: string[] = [];
  const batches: number[] = [];
  const observer = { answered: (how: string) => void answers.push(how), encoded: (frames: number) => void batches.push(frames) };
  const service = new EncodeVideoService(store, source, new FrameBatcher(model, SETTINGS, observer), SETTINGS, observer);
  return { store, model, source, answers, batches, service };
}

async function featuresIn(store: MemoryObjectStore, ref: AssetRef): Promise<readonly number[]> {
  const { features } = decodeSafetensors(await store.read(ref));
  return Array.from((features?.data ?? []) as Float32Array, (value) => Math.round(value * 100) / 100);
}

describe('EncodeVideoService', () => {
  it('keeps the order of the frames across batches', async () => {
    const { store, model, service, batches } = setUp([0, 51, 102, 153, 204, 255]);
    const ref = await service.encode(video(), never);
    expect(await featuresIn(store, ref)).toEqual([0, 1, 0.2, 1.2, 0.4, 1.4, 0.6, 1.6, 0.8, 1.8, 1, 2]);
    expect(model.batches).toEqual([4, 2]);
    expect(batches).toEqual([4, 2]);
    expect(ref.key).toBe(`${'a'.repeat(64)}/features/1-test/features.safetensors`);
  });

  it('answers from the store without the model or the frames', async () => {
    const { model, source, service, answers } = setUp();
    const first = await service.encode(video(), never);
    expect(await service.encode(video(), never)).toEqual(first);
    expect(model.batches).toEqual([4]);
    expect(source.asks).toBe(1);
    expect(answers).toEqual(['computed', 'hit']);
  });

  it('computes once for two who ask at the same time', async () => {
    const { model, service } = setUp();
    const [a, b] = await Promise.all([service.encode(video(), never), service.encode(video(), never)]);
    expect(a).toEqual(b);
    expect(model.batches).toEqual([4]);
  });

  it('shares the second run between videos that arrive during the first', async () => {
    const { store, model, service } = setUp([51, 102]);
    const [first, second, third] = await Promise.all([service.encode(video('a'), never), service.encode(video('b'), never), service.encode(video('c'), never)]);
    expect(model.batches).toEqual([2, 4]);
    for (const ref of [first, second, third]) expect(await featuresIn(store, ref)).toEqual([0.2, 1.2, 0.4, 1.4]);
  });

  it('stops before the second batch when the caller leaves during the first', async () => {
    const { store, model, service } = setUp([0, 1, 2, 3, 4, 5]);
    const caller = new AbortController();
    model.beforeRun = () => caller.abort();
    await expect(service.encode(video(), caller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(model.batches).toEqual([4]);
    expect(store.puts.some((key) => key.includes('/features/'))).toBe(false);
  });

  it('takes the frames that the caller names and asks nobody', async () => {
    const { source, service } = setUp();
    const frames = await source.framesOf(video());
    await service.encode(video(), never, frames);
    expect(source.asks).toBe(1);
  });

  it('has damaged frames made again', async () => {
    const { store, source, service } = setUp();
    const frames = await source.framesOf(video());
    store.corrupt(frames.key);
    const ref = await service.encode(video(), never, frames);
    expect(await featuresIn(store, ref)).toEqual([0, 1, 0.2, 1.2, 0.4, 1.4, 1, 2]);
    expect(source.asks).toBe(2);
  });

  it('refuses frames of another size', async () => {
    const { store, service } = setUp();
    const bytes = encodeSafetensors({ frames: { shape: [1, 1, 1, 3], data: new Uint8Array(3) } });
    const frames = await store.put('other', bytes, { mediaType: 'application/vnd.safetensors' });
    await expect(service.encode(video(), never, frames)).rejects.toMatchObject({ code: 'artifact_corrupt' });
  });

  it('passes a failing model on, stores nothing, and works again afterwards', async () => {
    const { store, model, service } = setUp();
    model.fault = new DomainError('model_unavailable', 'The model is gone.');
    await expect(service.encode(video(), never)).rejects.toMatchObject({ code: 'model_unavailable' });
    model.fault = undefined;
    expect(await featuresIn(store, await service.encode(video(), never))).toHaveLength(8);
  });
});
