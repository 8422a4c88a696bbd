import { Injectable } from '@nestjs/common';
import { declareMetrics, Metrics, type Instruments } from '@gpt4video/platform/metrics';
import type { Stage, StagedVerdict } from './core/screening.js';

/** Metrics of the safety service. */
export const SAFETY_METRICS = declareMetrics('safety', {
  decisionsTotal: { type: 'counter', help: 'Decisions, by stage, answer and deciding category (none when allowed).', labels: ['stage', 'allowed', 'category'] },
  failClosedTotal: { type: 'counter', help: 'Checks that ended without a verdict, so that content was held back, by stage.', labels: ['stage'] },
  shadowVerdictsTotal: { type: 'counter', help: 'Verdicts of tenants’ thresholds in the shadow, by stage and whether they agree with the decision.', labels: ['stage', 'outcome'] },
  unrecordedTotal: { type: 'counter', help: 'Decisions whose fact could not be published.' },
});

/** Counts decisions. */
@Injectable()
export class SafetyMetrics {
  private readonly instruments: Instruments<typeof SAFETY_METRICS>;

  constructor(metrics: Metrics) {
    this.instruments = metrics.use(SAFETY_METRICS);
  }

  /** A decision was made. */
  decided({ stage, allowed, category }: StagedVerdict): void {
    this.instruments.decisionsTotal.inc({ stage, allowed: String(allowed), category: allowed ? 'none' : category || 'none' });
  }

  /** Thresholds in the shadow decided as the policy did, or not. */
  shadowed({ stage }: StagedVerdict, agreed: boolean): void {
    this.instruments.shadowVerdictsTotal.inc({ stage, outcome: agreed ? 'agreed' : 'differed' });
  }

  /** A check ended without a verdict. */
  failedClosed(stage: Stage): void {
    this.instruments.failClosedTotal.inc({ stage });
  }

  /** The fact of a decision was lost. */
  unrecorded(): void {
    this.instruments.unrecordedTotal.inc();
  }
}
