import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import { StageObserver } from './core/stage-observer.js';

/** Metrics of the abstractor. */
export const ABSTRACTOR_METRICS = declareMetrics('abstractor', {
  videosTotal: { type: 'counter', help: 'Videos asked for, by how they were answered: hit (stored) or computed.', labels: ['answer'] },
  durationSeconds: { type: 'histogram', help: 'Seconds until the visual tokens of a video were there.', labels: ['answer'] },
});

/** Counts the stage's answers. */
@Injectable()
export class StageMetrics extends StageObserver {
  private readonly instruments: Instruments<typeof ABSTRACTOR_METRICS>;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(ABSTRACTOR_METRICS);
  }

  override answered(answer: 'hit' | 'computed', ms: number): void {
    this.instruments.videosTotal.inc({ answer });
    this.instruments.durationSeconds.observe({ answer }, ms / 1_000);
  }
}
