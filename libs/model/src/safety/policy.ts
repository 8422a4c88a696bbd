import { CATEGORIES } from './categories.js';
import { refusalWithoutEvidence } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Which score of which category is refused. */
export interface Policy {
  /** Named in every verdict. */
  readonly version: string;
  /** Lowest refused score by category, 0 to 1. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Scores by category from the scores of a text head, `[13]` in the given order; surplus or missing ones are left out. */
export function scoresByCategory(values: ArrayLike<number>, categories: readonly string[] = CATEGORIES): Record<string, number> {
  return Object.fromEntries(categories.flatMap((category, index) => (index < values.length ? [[category, values[index] ?? NaN]] : [])));
}

/**
 * Compares every category of the policy with its threshold; a score at the threshold is refused. The category that exceeds
 * its threshold by most decides. Fails closed: an empty policy, a missing score, or one that is no probability is a refusal.
 */
export function decideText(scores: Readonly<Record<string, number>>, policy: Policy): Verdict {
  const usable = Object.fromEntries(Object.entries(scores).filter(([, score]) => isProbability(score)));
  const rules = Object.entries(policy.thresholds);
  if (rules.length === 0) return refusalWithoutEvidence(policy.version, usable);
  for (const [category, threshold] of rules) {
    if (!isProbability(threshold) || usable[category] === undefined) return refusalWithoutEvidence(policy.version, usable, category);
  }
  const ranked = rules.map(([category, threshold]) => ({ category, threshold, score: usable[category] ?? 1 }));
  const refused = ranked.filter(({ score, threshold }) => score >= threshold).sort((a, b) => b.score - b.threshold - (a.score - a.threshold));
  const [worst] = refused;
  const flagged = refused.map(({ category }) => category);
  if (worst !== undefined) return { allowed: false, ...worst, policyVersion: policy.version, scores: usable, flagged };
  const [highest] = ranked.sort((a, b) => b.score - a.score);
  return { allowed: true, category: '', score: highest?.score ?? 0, threshold: highest?.threshold ?? 0, policyVersion: policy.version, scores: usable, flagged };
}

/** A finite number from 0 to 1. */
export function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
