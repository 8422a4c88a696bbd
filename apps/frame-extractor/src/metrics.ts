import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import { StageObserver } from './core/stage-observer.js';

/** Metrics of the frame extractor. */
export const FRAME_EXTRACTOR_METRICS = declareMetrics('frame_extractor', {
  videosTotal: { type: 'counter', help: 'Videos asked for, by how they were answered: hit (stored) or computed.', labels: ['answer'] },
  framesTotal: { type: 'counter', help: 'Frames decoded and kept for understanding and screening.' },
  durationSeconds: { type: 'histogram', help: 'Seconds until the frames of a video were there.', labels: ['answer'] },
});

/** Counts the stage's answers. */
@Injectable()
export class StageMetrics extends StageObserver {
  private readonly instruments: Instruments<typeof FRAME_EXTRACTOR_METRICS>;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(FRAME_EXTRACTOR_METRICS);
  }

  override answered(answer: 'hit' | 'computed', ms: number): void {
    this.instruments.videosTotal.inc({ answer });
    this.instruments.durationSeconds.observe({ answer }, ms / 1_000);
  }

  override decoded(frames: number): void {
    this.instruments.framesTotal.inc(frames);
  }
}
