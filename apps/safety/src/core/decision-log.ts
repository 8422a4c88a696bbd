import type { StagedVerdict } from './screening.js';

/** Records decisions for auditors: category, score, threshold and policy version, never the content. */
export abstract class DecisionLog {
  /** Records one decision. Never throws and never waits: a decision holds whether or not it was recorded. */
  abstract record(verdict: StagedVerdict): void;

  /** Records beside the decision what a tenant's thresholds in the shadow would have decided. Never throws and never waits. */
  abstract shadowed(inForce: StagedVerdict, shadow: StagedVerdict): void;
}
