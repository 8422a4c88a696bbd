import { Injectable } from '@nestjs/common';
import { expectFloats } from '@gpt4video/model/tensor/tensor';
import { DomainError } from '@gpt4video/ports/errors';
import { StageObserver } from './stage-observer.js';
import { VisionModel } from './vision-model.js';
import { VisionSettings } from './vision-settings.js';

interface Waiting {
  /** `[3, size, size]` */
  readonly pixels: Float32Array;
  readonly signal: AbortSignal;
  readonly resolve: (features: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs frames of concurrent requests together. A frame that finds the model idle runs at once; frames that arrive
 * during a run share the next one, at most `maxBatchFrames` of them, in the order of arrival.
 */
@Injectable()
export class FrameBatcher {
  private readonly queue: Waiting[] = [];
  private running = false;

  constructor(
    private readonly model: VisionModel,
    private readonly settings: VisionSettings,
    private readonly observer: StageObserver,
  ) {}

  /**
   * Patch features `[frames, tokens, width]` of preprocessed frames `[frames, 3, size, size]`, in order.
   * Frames that are still queued when the signal fires are never run; throws `cancelled`.
   */
  async encode(frames: readonly Float32Array[], signal: AbortSignal): Promise<Float32Array> {
    const encoded = frames.map(async (pixels) => await new Promise<Float32Array>((resolve, reject) => this.queue.push({ pixels, signal, resolve, reject })));
    this.wake();
    const features = await Promise.all(encoded);
    const { tokens, width } = this.settings;
    const joined = new Float32Array(features.length * tokens * width);
    features.forEach((frame, index) => joined.set(frame, index * tokens * width));
    return joined;
  }

  private wake(): void {
    if (this.running) return;
    this.running = true;
    void this.drain().finally(() => (this.running = false));
  }

  private async drain(): Promise<void> {
    for (let batch = this.next(); batch.length > 0; batch = this.next()) {
      try {
        const features = await this.runBatch(batch);
        const size = features.length / batch.length;
        batch.forEach((frame, index) => frame.resolve(features.subarray(index * size, (index + 1) * size)));
      } catch (error) {
        for (const frame of batch) frame.reject(error);
      }
    }
  }

  private next(): readonly Waiting[] {
    const batch: Waiting[] = [];
    while (batch.length < this.settings.maxBatchFrames) {
      const frame = this.queue.shift();
      if (frame === undefined) return batch;
      if (frame.signal.aborted) frame.reject(new DomainError('cancelled', 'The request was cancelled.'));
      else batch.push(frame);
    }
    return batch;
  }

  private async runBatch(batch: readonly Waiting[]): Promise<Float32Array> {
    const { tokens, width, preprocess } = this.settings;
    const { size } = preprocess;
    const data = new Float32Array(batch.length * 3 * size * size);
    batch.forEach((frame, index) => data.set(frame.pixels, index * 3 * size * size));
    const started = performance.now();
    // The batch belongs to several requests, so none of their signals may stop it.
    const { features } = await this.model.run({ pixels: { shape: [batch.length, 3, size, size], data } }, { outputs: ['features'] });
    this.observer.encoded(batch.length, performance.now() - started);
    return expectFloats('features', features, [batch.length, tokens, width]).data;
  }
}
