import { Injectable } from '@nestjs/common';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import { Logger } from '@gpt4video/platform/logging';
import { toDomainError } from '@gpt4video/ports/errors';
import { DecisionLog } from '../core/decision-log.js';
import type { StagedVerdict } from '../core/screening.js';
import { SafetyMetrics } from '../metrics.js';
import { safetyDecided } from './safety.mapper.js';

/** Tells of every decision by a fact and a metric; a refusal also by a log line. */
@Injectable()
export class FactDecisionLog extends DecisionLog {
  constructor(
    private readonly facts: FactPublisher,
    private readonly metrics: SafetyMetrics,
    private readonly logger: Logger,
  ) {
    super();
  }

  override record(verdict: StagedVerdict): void {
    this.metrics.decided(verdict);
    if (!verdict.allowed) {
      const { stage, category, score, threshold, policyVersion } = verdict;
      this.logger.info('refused', { stage, category, score, threshold, policyVersion });
    }
    this.publish(verdict);
  }

  override shadowed(inForce: StagedVerdict, shadow: StagedVerdict): void {
    this.metrics.shadowed(shadow, inForce.allowed === shadow.allowed);
  }

  private publish(verdict: StagedVerdict): void {
    this.facts.publish('safety.decided', safetyDecided(verdict)).catch((error: unknown) => {
      this.metrics.unrecorded();
      this.logger.warn('a safety decision was not recorded', { code: toDomainError(error).code, err: error });
    });
  }
}
