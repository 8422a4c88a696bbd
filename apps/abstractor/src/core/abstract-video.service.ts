import { Injectable } from '@nestjs/common';
import { decodeSafetensors, encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import { expectFloats } from '@gpt4video/model/tensor/tensor';
import { artifactKey } from '@gpt4video/ports/artifact-key';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { readDerived } from '@gpt4video/ports/derived-artifact';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { SingleFlight } from '@gpt4video/ports/single-flight';
import { AbstractorModel } from './abstractor-model.js';
import { AbstractorSettings } from './abstractor-settings.js';
import { FeatureSource } from './feature-source.js';
import { StageObserver } from './stage-observer.js';

/** The visual tokens of a video, `[tokens, width]` row-major, and the artifact that holds them. */
export interface VisualTokens {
  readonly tokens: Float32Array;
  readonly artifact: AssetRef;
}

/** Condenses the patch features of a video to a fixed number of visual tokens (paper §3.2). */
@Injectable()
export class AbstractVideoService {
  private readonly flights = new SingleFlight<VisualTokens>();

  constructor(
    private readonly store: ObjectStore,
    private readonly source: FeatureSource,
    private readonly model: AbstractorModel,
    private readonly settings: AbstractorSettings,
    private readonly observer: StageObserver,
  ) {}

  /**
   * The visual tokens, from the store when they are there. `features` spares the question to the feature source when
   * the caller knows the artifact. Throws what the feature source throws, `artifact_corrupt`, `model_unavailable`, `cancelled`.
   */
  async abstract(video: AssetRef, signal: AbortSignal, features?: AssetRef): Promise<VisualTokens> {
    return await this.flights.run(video.sha256, async (shared) => await this.obtain(video, features, shared), signal);
  }

  private async obtain(video: AssetRef, features: AssetRef | undefined, signal: AbortSignal): Promise<VisualTokens> {
    const started = performance.now();
    const key = artifactKey({ videoSha256: video.sha256, stage: 'tokens', revision: this.settings.revision, name: 'tokens.safetensors' });
    let how: 'hit' | 'computed' = 'hit';
    const { ref, bytes } = await readDerived(this.store, async () => {
      const stored = await this.store.find(key);
      if (stored !== undefined) return stored;
      how = 'computed';
      return await this.compute(key, await this.featuresOf(video, features, signal), signal);
    });
    this.observer.answered(how, performance.now() - started);
    return { tokens: this.floats(bytes, 'tokens', [this.settings.tokens, this.settings.width]), artifact: ref };
  }

  private async compute(key: string, features: Float32Array, signal: AbortSignal): Promise<AssetRef> {
    const { input, tokens: count, width } = this.settings;
    const { tokens } = await this.model.run({ features: { shape: [1, ...input], data: features } }, { signal, outputs: ['tokens'] });
    const { data } = expectFloats('tokens', tokens, [1, count, width]);
    const bytes = encodeSafetensors({ tokens: { shape: [count, width], data } });
    return await this.store.put(key, bytes, { mediaType: 'application/vnd.safetensors', signal });
  }

  private async featuresOf(video: AssetRef, known: AssetRef | undefined, signal: AbortSignal): Promise<Float32Array> {
    let hint = known;
    const artifact = await readDerived(this.store, async () => {
      // The known artifact is tried once; when it turns out damaged, the source makes it again.
      const ref = hint ?? (await this.source.featuresOf(video, signal));
      hint = undefined;
      return ref;
    });
    return this.floats(artifact.bytes, 'features', this.settings.input);
  }

  private floats(bytes: Uint8Array, name: string, shape: readonly number[]): Float32Array {
    const tensor = decodeSafetensors(bytes)[name];
    if (!(tensor?.data instanceof Float32Array) || tensor.shape.join() !== shape.join()) {
      throw new DomainError('artifact_corrupt', `The ${name} of this video are not [${shape.join(', ')}] numbers; the stored artifact belongs to another bundle. Upload the video again.`);
    }
    return tensor.data;
  }
}
