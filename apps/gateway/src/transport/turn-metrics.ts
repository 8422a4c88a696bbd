import { Injectable } from '@nestjs/common';
import { Metrics } from '@gpt4video/platform/metrics';
import { Clock } from '@gpt4video/ports/clock';
import { TurnJournal, type TurnStage } from '../core/chat/turn-journal.js';
import { GATEWAY_METRICS } from '../metrics.js';

/** Times and refusals of turns as metrics. */
@Injectable()
export class TurnMetrics extends TurnJournal {
  private readonly instruments;

  constructor(clock: Clock, metrics: Metrics) {
    super(clock);
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  override stage(stage: TurnStage, ms: number): void {
    this.instruments.turnStageSeconds.observe({ stage }, ms / 1000);
  }

  override refused(stage: 'input' | 'output' | 'caption', category: string): void {
    this.instruments.refusalsTotal.inc({ stage, category });
  }
}
