/** The decision about one piece of content, with what it rests on. Never holds the content. */
export interface Verdict {
  /** False when the content must not pass. */
  readonly allowed: boolean;
  /** The category that decided; empty when allowed or when there was nothing to decide on. */
  readonly category: string;
  /** Score of the deciding category, 0 to 1; the highest score when allowed; 0 when it is missing. */
  readonly score: number;
  /** Threshold of that category: scores from here on are refused. */
  readonly threshold: number;
  /** Version of the policy that decided. */
  readonly policyVersion: string;
  /** Every usable score by category. */
  readonly scores: Readonly<Record<string, number>>;
  /** Every category whose score reached its threshold. */
  readonly flagged: readonly string[];
}

/** A refusal for want of evidence: no verdict means no. */
export function refusalWithoutEvidence(policyVersion: string, scores: Readonly<Record<string, number>> = {}, category = ''): Verdict {
  return { allowed: false, category, score: 0, threshold: 0, policyVersion, scores, flagged: category === '' ? [] : [category] };
}
