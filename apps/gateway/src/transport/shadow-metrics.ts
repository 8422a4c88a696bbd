import { Injectable } from '@nestjs/common';
import { Metrics } from '@gpt4video/platform/metrics';
import { ShadowJournal } from '../core/screening/tenant-screener.js';
import { GATEWAY_METRICS } from '../metrics.js';

/** Counts what thresholds in the shadow would have decided. */
@Injectable()
export class ShadowMetrics extends ShadowJournal {
  private readonly instruments;

  constructor(metrics: Metrics) {
    super();
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  override shadowed(stage: string, agreed: boolean): void {
    this.instruments.shadowVerdictsTotal.inc({ stage, outcome: agreed ? 'agreed' : 'differed' });
  }
}
