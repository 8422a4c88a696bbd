import { Injectable } from '@nestjs/common';
import { judgeFrames } from '@gpt4video/model/safety/own-thresholds';
import type { RgbImage } from '@gpt4video/model/tensor/resample';
import { DomainError } from '@gpt4video/ports/errors';
import { DecisionLog } from './decision-log.js';
import { FrameScorer } from './frame-scorer.js';
import { SafetySettings } from './safety-settings.js';
import { closed, type Standing, type VideoVerdict } from './screening.js';

/** Frames of one size, in order of time. */
export interface FrameBatch {
  /** `[frames, height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Milliseconds from the first frame, one per frame. */
  readonly timestampsMs: readonly number[];
}

/** Screens frames by the rule of the paper's code: ten frames, refused when more than four are flagged. */
@Injectable()
export class ScreenFramesService {
  constructor(
    private readonly scorer: FrameScorer,
    private readonly settings: SafetySettings,
    private readonly log: DecisionLog,
  ) {}

  /**
   * The verdict about all frames together. Throws `invalid_request` when there are fewer frames than the rule judges,
   * `screening_unavailable` when a frame could not be judged, `cancelled`.
   */
  async screen(batch: FrameBatch, { stage, own }: Standing, signal: AbortSignal): Promise<VideoVerdict> {
    const { imageThreshold, imageFrames, maxFlagged, policyVersion } = this.settings;
    const pictures = picturesOf(batch);
    if (pictures.length < imageFrames) {
      throw new DomainError('invalid_request', `Screening needs ${imageFrames} frames, found ${pictures.length}; repeat frames of a shorter video.`, { param: 'frames' });
    }
    return await closed('video', async () => {
      const scores = await this.scorer.score(pictures, signal);
      const { inForce, shadow } = judgeFrames(scores, { threshold: imageThreshold, maxFlagged, frames: imageFrames, policyVersion }, own);
      const verdict = { ...inForce.verdict, stage };
      this.log.record(verdict);
      if (shadow !== undefined) this.log.shadowed(verdict, { ...shadow.verdict, stage });
      const frames = scores.map((score, index) => ({ timestampMs: batch.timestampsMs[index] ?? 0, score, flagged: inForce.flags[index] ?? true }));
      return { verdict, frames };
    });
  }
}

function picturesOf({ pixels, width, height, timestampsMs }: FrameBatch): readonly RgbImage[] {
  const bytes = width * height * 3;
  return timestampsMs.map((_, index) => ({ pixels: pixels.subarray(index * bytes, (index + 1) * bytes), width, height }));
}
