import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import { FilmObserver, type AttemptOutcome } from './core/film-observer.js';

/** Metrics of the film worker. */
export const VIDEO_GENERATOR_METRICS = declareMetrics('video_generator', {
  attemptsTotal: { type: 'counter', help: 'Attempts at films, by outcome: completed, blocked, failed, stopped or released.', labels: ['outcome'] },
  framesTotal: { type: 'counter', help: 'Frames of finished films.' },
  filming: { type: 'gauge', help: 'Attempts in hand.' },
  attemptSeconds: { type: 'histogram', help: 'Seconds from claim to end of an attempt.', labels: ['outcome'] },
  stageSeconds: { type: 'histogram', help: 'Seconds of one stage of a finished film.', labels: ['stage'] },
});

/** Counts the worker's attempts. */
@Injectable()
export class FilmMetrics extends FilmObserver {
  private readonly instruments: Instruments<typeof VIDEO_GENERATOR_METRICS>;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(VIDEO_GENERATOR_METRICS);
  }

  override began(): void {
    this.instruments.filming.inc();
  }

  override ended(outcome: AttemptOutcome, ms: number): void {
    this.instruments.filming.dec();
    this.instruments.attemptsTotal.inc({ outcome });
    this.instruments.attemptSeconds.observe({ outcome }, ms / 1_000);
  }

  override filmed(frames: number, stageMs: Readonly<Record<string, number>>): void {
    this.instruments.framesTotal.inc(frames);
    for (const [stage, ms] of Object.entries(stageMs)) this.instruments.stageSeconds.observe({ stage }, ms / 1_000);
  }
}
