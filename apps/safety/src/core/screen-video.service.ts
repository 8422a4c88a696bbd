import { Injectable } from '@nestjs/common';
import { decodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { readDerived } from '@gpt4video/ports/derived-artifact';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { SingleFlight } from '@gpt4video/ports/single-flight';
import { ScreenFramesService, type FrameBatch } from './screen-frames.service.js';
import { closed, type VideoVerdict } from './screening.js';
import { ScreeningFrameSource, type ScreeningFrames } from './screening-frame-source.js';

// Verdicts are small and the same videos are asked about again and again; the oldest is forgotten first.
const REMEMBERED = 1_000;

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
   * The verdict, remembered while the process runs: frames, models and policy cannot change meanwhile. `frames` spares
   * the question to the frame source. Throws what the frame source says about the file, `screening_unavailable`, `cancelled`.
   */
  async screen(video: AssetRef, signal: AbortSignal, frames?: ScreeningFrames): Promise<VideoVerdict> {
    const known = this.known.get(video.sha256);
    if (known !== undefined) return known;
    return await this.flights.run(video.sha256, async (shared) => await this.judge(video, frames, shared), signal);
  }

  private async judge(video: AssetRef, hint: ScreeningFrames | undefined, signal: AbortSignal): Promise<VideoVerdict> {
    const batch = await closed('video', async () => await this.framesOf(video, hint, signal));
    const verdict = await this.frames.screen(batch, 'input', signal);
    this.known.set(video.sha256, verdict);
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
