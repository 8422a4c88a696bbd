import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import { StageObserver } from './core/stage-observer.js';

/** Metrics of the CLIP encoder. */
export const CLIP_ENCODER_METRICS = declareMetrics('clip_encoder', {
  videosTotal: { type: 'counter', help: 'Videos asked for, by how they were answered: hit (stored) or computed.', labels: ['answer'] },
  framesTotal: { type: 'counter', help: 'Frames that the model encoded.' },
  batchFrames: { type: 'histogram', help: 'Frames of one run of the model.', buckets: [1, 2, 4, 8, 16, 32, 64] },
  batchSeconds: { type: 'histogram', help: 'Seconds of one run of the model.' },
  durationSeconds: { type: 'histogram', help: 'Seconds until the patch features of a video were there.', labels: ['answer'] },
});

/** Counts the stage's answers. */
@Injectable()
export class StageMetrics extends StageObserver {
  private readonly instruments: Instruments<typeof CLIP_ENCODER_METRICS>;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(CLIP_ENCODER_METRICS);
  }

  override answered(answer: 'hit' | 'computed', ms: number): void {
    this.instruments.videosTotal.inc({ answer });
    this.instruments.durationSeconds.observe({ answer }, ms / 1_000);
  }

  override encoded(frames: number, ms: number): void {
    this.instruments.framesTotal.inc(frames);
    this.instruments.batchFrames.observe(frames);
    this.instruments.batchSeconds.observe(ms / 1_000);
  }
}
