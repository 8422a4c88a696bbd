import { decideText, type Policy } from './policy.js';
import { decideFrames, type FrameRule, type FramesVerdict } from './ten-frame-rule.js';
import type { Verdict } from './verdict.js';

/** Thresholds of a tenant's own, laid over those of the policy. */
export interface OwnThresholds {
  /** True when they are only compared with the policy, which decides. */
  readonly shadow: boolean;
  /** Lowest refused score of a text by category, 0 to 1; a category that is not named keeps the policy's. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Lowest score that flags a frame, 0 to 1; the policy's when absent. */
  readonly frameThreshold?: number;
}

/** The decision in force, and what the tenant's thresholds would have decided where they stand in the shadow. */
export interface Judgement<Decision> {
  readonly inForce: Decision;
  readonly shadow?: Decision;
}

/** Categories that a tenant can make stricter, but never more lenient. */
const FLOOR: ReadonlySet<string> = new Set(['sexual/minors']);

/** Decides about a text as `decideText` does. A verdict by own thresholds names the policy's version with `+tenant`. */
export function judgeText(scores: Readonly<Record<string, number>>, policy: Policy, own?: OwnThresholds): Judgement<Verdict> {
  const byPolicy = decideText(scores, policy);
  if (own === undefined || Object.keys(own.thresholds).length === 0) return { inForce: byPolicy };
  const thresholds = Object.fromEntries(Object.entries(policy.thresholds).map(([category, threshold]) => [category, overlaid(category, threshold, own.thresholds[category])]));
  return judged(own, byPolicy, decideText(scores, { version: ofTenant(policy.version), thresholds }));
}

/** Decides about frames as `decideFrames` does; how many may be flagged is the policy's. */
export function judgeFrames(scores: readonly number[], rule: FrameRule, own?: OwnThresholds): Judgement<FramesVerdict> {
  const byPolicy = decideFrames(scores, rule);
  if (own?.frameThreshold === undefined) return { inForce: byPolicy };
  return judged(own, byPolicy, decideFrames(scores, { ...rule, threshold: own.frameThreshold, policyVersion: ofTenant(rule.policyVersion) }));
}

function judged<Decision>({ shadow }: OwnThresholds, byPolicy: Decision, byTenant: Decision): Judgement<Decision> {
  return shadow ? { inForce: byPolicy, shadow: byTenant } : { inForce: byTenant };
}

function overlaid(category: string, threshold: number, own: number | undefined): number {
  if (own === undefined) return threshold;
  return FLOOR.has(category) ? Math.min(threshold, own) : own;
}

function ofTenant(version: string): string {
  return `${version}+tenant`;
}
