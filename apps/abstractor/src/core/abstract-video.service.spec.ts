import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import type { TensorMap } from '@gpt4video/ports/model-session';
import { MemoryObjectStore } from '@gpt4video/testing/fakes/memory-object-store';
import { AbstractVideoService } from './abstract-video.service.js';
import { AbstractorModel } from './abstractor-model.js';
import type { AbstractorSettings } from './abstractor-settings.js';
import { FeatureSource } from './feature-source.js';

const SETTINGS: AbstractorSettings = { revision: '1-test', bundleRevision: 'test', input: [2, 1, 2], tokens: 2, width: 2 };
const VIDEO: AssetRef = { bucket: 'b', key: 'uploads/a', sha256: 'a'.repeat(64), bytes: 3, mediaType: 'video/mp4' };
const TOKENS_KEY = `${VIDEO.sha256}/tokens/1-test/tokens.safetensors`;
const never = new AbortController().signal;

/** Tokens are the features times ten. */
class TenfoldModel extends AbstractorModel {
  override readonly execution = { provider: 'cpu' } as const;
  override readonly inputs = [];
  override readonly outputs = [];
  runs = 0;
  tokens = 2;

  override async run({ features }: TensorMap): Promise<TensorMap> {
    this.runs += 1;
    expect(features?.shape).toEqual([1, 2, 1, 2]);
    await new Promise((resolve) => setImmediate(resolve));
    return { tokens: { shape: [1, this.tokens, 2], data: Float32Array.from((features?.data as Float32Array).subarray(0, this.tokens * 2), (value) => value * 10) } };
  }

  override async close(): Promise<void> {
    await Promise.resolve();
  }
}

class StoredFeatures extends FeatureSource {
  asks = 0;
  fault: Error | undefined;

  constructor(private readonly store: MemoryObjectStore) {
    super();
  }

  override async featuresOf(): Promise<AssetRef> {
    this.asks += 1;
    if (this.fault !== undefined) throw this.fault;
    const bytes = encodeSafetensors({ features: { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) } });
    return await this.store.put('features', bytes, { mediaType: 'application/vnd.safetensors' });
  }
}

function setUp() {
  const store = new MemoryObjectStore();
  const model = new TenfoldModel();
  const source = new StoredFeatures(store);
  const answers: string[] = [];
  const service = new AbstractVideoService(store, source, model, SETTINGS, { answered: (how) => answers.push(how) });
  return { store, model, source, service, answers };
}

describe('AbstractVideoService', () => {
  it('turns features into tokens and keeps them', async () => {
    const { store, service } = setUp();
    const { tokens, artifact } = await service.abstract(VIDEO, never);
    expect([...tokens]).toEqual([10, 20, 30, 40]);
    expect(artifact).toEqual(await store.find(TOKENS_KEY));
  });

  it('answers the second question from the store: no model, no features', async () => {
    const { model, source, service, answers } = setUp();
    const first = await service.abstract(VIDEO, never);
    const second = await service.abstract(VIDEO, never);
    expect([...second.tokens]).toEqual([...first.tokens]);
    expect([model.runs, source.asks]).toEqual([1, 1]);
    expect(answers).toEqual(['computed', 'hit']);
  });

  it('computes once for two who ask at the same time', async () => {
    const { model, service } = setUp();
    await Promise.all([service.abstract(VIDEO, never), service.abstract(VIDEO, never)]);
    expect(model.runs).toBe(1);
  });

  it('makes damaged tokens again instead of speaking nonsense', async () => {
    const { store, model, service } = setUp();
    await service.abstract(VIDEO, never);
    store.corrupt(TOKENS_KEY);
    expect([...(await service.abstract(VIDEO, never)).tokens]).toEqual([10, 20, 30, 40]);
    expect(model.runs).toBe(2);
  });

  it('has damaged features made again', async () => {
    const { store, source, service } = setUp();
    const features = await source.featuresOf();
    store.corrupt(features.key);
    expect([...(await service.abstract(VIDEO, never, features)).tokens]).toEqual([10, 20, 30, 40]);
    expect(source.asks).toBe(2);
  });

  it('refuses features of another shape', async () => {
    const { store, service } = setUp();
    const features = await store.put('other', encodeSafetensors({ features: { shape: [1, 1, 2], data: Float32Array.of(1, 2) } }), { mediaType: 'application/vnd.safetensors' });
    await expect(service.abstract(VIDEO, never, features)).rejects.toMatchObject({ code: 'artifact_corrupt' });
  });

  it('stores nothing when the model answers another shape', async () => {
    const { store, model, service } = setUp();
    model.tokens = 1;
    await expect(service.abstract(VIDEO, never)).rejects.toMatchObject({ code: 'internal' });
    expect(await store.find(TOKENS_KEY)).toBeUndefined();
  });

  it('passes on what the encoder says about the video', async () => {
    const { source, service } = setUp();
    source.fault = new DomainError('invalid_video', 'Not a video; send one.');
    await expect(service.abstract(VIDEO, never)).rejects.toMatchObject({ code: 'invalid_video' });
  });
});
