import { Injectable } from '@nestjs/common';
import { decodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { readDerived } from '@gpt4video/ports/derived-artifact';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { SingleFlight } from '@gpt4video/ports/single-flight';
import { ScreenFramesService, type FrameBatch } from './screen-frames.service.js';
import { closed, type Standing, type VideoVerdict } from './screening.js';
import { ScreeningFrameSource, type ScreeningFrames } from './screening-frame-source.js';

// Verdicts are small and the same videos are asked about again and again; the oldest is forgotten first.
const REMEMBERED = 1_000;

/** What may be known of a video beforehand. */
export interface VideoHints extends Pick<Standing, 'own'> {
  readonly frames?: ScreeningFrames | undefined;
}

/** Screens an uploaded video by its screening frames. */
@Injectable()
export class ScreenVideoService {
  private readonly flights = new SingleFlight<VideoVerdict>();
  private readonly known = new Map<string, VideoVerdict>();

  constructor(
    private readonly store: ObjectStore,
    private readonly source: ScreeningFrameSource,
    private readonly frames: ScreenFramesService,
  ) {}

  /**
   * The verdict by the policy or by thresholds of a tenant's own, remembered while the process runs: frames, models and policy
   * cannot change meanwhile. `frames` spares the question to the frame source. Throws what the frame source says about the file, `screening_unavailable`, `cancelled`.
   */
  async screen(video: AssetRef, signal: AbortSignal, { frames, own }: VideoHints = {}): Promise<VideoVerdict> {
    // Only what bears on frames tells two judgements of one video apart.
    const key = own?.frameThreshold === undefined ? video.sha256 : `${video.sha256} ${own.frameThreshold} ${own.shadow}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    return await this.flights.run(key, async (shared) => this.remember(key, await this.judge(video, { frames, own }, shared)), signal);
  }

  private async judge(video: AssetRef, { frames, own }: VideoHints, signal: AbortSignal): Promise<VideoVerdict> {
    const batch = await closed('video', async () => await this.framesOf(video, frames, signal));
    return await this.frames.screen(batch, { stage: 'input', own }, signal);
  }

  private remember(key: string, verdict: VideoVerdict): VideoVerdict {
    this.known.set(key, verdict);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    return verdict;
  }

  private async framesOf(video: AssetRef, hint: ScreeningFrames | undefined, signal: AbortSignal): Promise<FrameBatch> {
    let next = hint;
    let timestampsMs: readonly number[] = [];
    const { bytes } = await readDerived(this.store, async () => {
      const frames = next ?? (await this.source.framesOf(video, signal));
      next = undefined;
      timestampsMs = frames.timestampsMs;
      return frames.artifact;
    });
    const { frames } = decodeSafetensors(bytes);
    const [count, height = 0, width = 0, channels] = frames?.shape ?? [];
    if (!(frames?.data instanceof Uint8Array) || channels !== 3 || count !== timestampsMs.length) {
      throw new DomainError('artifact_corrupt', 'The screening frames of this video are not [frames, height, width, 3] bytes; upload the video again.');
    }
    return { pixels: frames.data, width, height, timestampsMs };
  }
}
