import { Injectable } from '@nestjs/common';
import { preprocessFrames } from '@gpt4video/model/clip/preprocess';
import { decodeSafetensors, encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import { artifactKey } from '@gpt4video/ports/artifact-key';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { readDerived } from '@gpt4video/ports/derived-artifact';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { SingleFlight } from '@gpt4video/ports/single-flight';
import { FrameBatcher } from './frame-batcher.js';
import { FrameSource } from './frame-source.js';
import { StageObserver } from './stage-observer.js';
import { VisionSettings } from './vision-settings.js';

/** Encodes the sampled frames of a video with the vision tower; CLS is kept at index 0 (paper §3.2). */
@Injectable()
export class EncodeVideoService {
  private readonly flights = new SingleFlight<AssetRef>();

  constructor(
    private readonly store: ObjectStore,
    private readonly source: FrameSource,
    private readonly batcher: FrameBatcher,
    private readonly settings: VisionSettings,
    private readonly observer: StageObserver,
  ) {}

  /**
   * The artifact with `features` `[frames, tokens, width]`, from the store when it is there. `frames` spares the
   * question to the frame source when the caller knows the artifact. Throws what the frame source throws,
   * `artifact_corrupt` when frames stay unreadable, `model_unavailable`, `cancelled`.
   */
  async encode(video: AssetRef, signal: AbortSignal, frames?: AssetRef): Promise<AssetRef> {
    return await this.flights.run(video.sha256, async (shared) => await this.obtain(video, frames, shared), signal);
  }

  private async obtain(video: AssetRef, frames: AssetRef | undefined, signal: AbortSignal): Promise<AssetRef> {
    const started = performance.now();
    const key = artifactKey({ videoSha256: video.sha256, stage: 'features', revision: this.settings.revision, name: 'features.safetensors' });
    const stored = await this.store.find(key);
    if (stored !== undefined) {
      this.observer.answered('hit', performance.now() - started);
      return stored;
    }
    const pixels = await this.framesOf(video, frames, signal);
    const data = await this.batcher.encode(pixels, signal);
    const { tokens, width } = this.settings;
    const bytes = encodeSafetensors({ features: { shape: [pixels.length, tokens, width], data } });
    const ref = await this.store.put(key, bytes, { mediaType: 'application/vnd.safetensors', signal });
    this.observer.answered('computed', performance.now() - started);
    return ref;
  }

  /** One `[3, size, size]` input per frame. */
  private async framesOf(video: AssetRef, known: AssetRef | undefined, signal: AbortSignal): Promise<readonly Float32Array[]> {
    let hint = known;
    const artifact = await readDerived(this.store, async () => {
      // The known artifact is tried once; when it turns out damaged, the source makes it again.
      const ref = hint ?? (await this.source.framesOf(video, signal));
      hint = undefined;
      return ref;
    });
    const { frames } = decodeSafetensors(artifact.bytes);
    const { size } = this.settings.preprocess;
    const [count = 0, height, width, channels] = frames?.shape ?? [];
    if (!(frames?.data instanceof Uint8Array) || height !== size || width !== size || channels !== 3) {
      throw new DomainError('artifact_corrupt', `The frames of this video are not [frames, ${size}, ${size}, 3] bytes; upload the video again.`);
    }
    const bytes = frames.data;
    return Array.from({ length: count }, (_, index) => this.pixelsOf(bytes.subarray(index * size * size * 3, (index + 1) * size * size * 3)));
  }

  private pixelsOf(frame: Uint8Array): Float32Array {
    const { preprocess } = this.settings;
    return preprocessFrames([{ pixels: frame, width: preprocess.size, height: preprocess.size }], preprocess).data;
  }
}
