import { PICTURE_CATEGORY } from './categories.js';
import { isProbability } from './policy.js';
import { refusalWithoutEvidence } from './verdict.js';
import type { Verdict } from './verdict.js';

/** When a video is refused by its frames. */
export interface FrameRule {
  /** Lowest score that flags a frame, 0 to 1. */
  readonly threshold: number;
  /** Frames that the rule speaks of: 10. */
  readonly frames: number;
  /** Most flagged frames that still pass: 4. */
  readonly maxFlagged: number;
  readonly policyVersion: string;
}

/** The verdict on a video and what it says of each frame. */
export interface FramesVerdict {
  readonly verdict: Verdict;
  /** One entry a frame, in order. A score that is no probability flags its frame. */
  readonly flags: readonly boolean[];
}

/**
 * Refuses a video when more than 4 of its 10 frames are flagged (the paper's code, `safety_checker`). Fewer or more frames
 * are judged by the same share: flagged/n > 4/10. Fails closed: no frame at all is a refusal.
 * The verdict's score is the highest of the frames; of a refused video, that of the frame that tipped it.
 */
export function decideFrames(scores: readonly number[], rule: FrameRule): FramesVerdict {
  if (scores.length === 0) return { verdict: refusalWithoutEvidence(rule.policyVersion), flags: [] };
  const flags = scores.map((score) => !isProbability(score) || score >= rule.threshold);
  const flagged = flags.filter(Boolean).length;
  const allowed = flagged * rule.frames <= rule.maxFlagged * scores.length;
  const ranked = scores.map((score) => (isProbability(score) ? score : 1)).sort((a, b) => b - a);
  const tipping = Math.floor((rule.maxFlagged * scores.length) / rule.frames);
  const score = ranked[allowed ? 0 : tipping] ?? 1;
  const category = allowed ? '' : PICTURE_CATEGORY;
  return { verdict: { allowed, category, score, threshold: rule.threshold, policyVersion: rule.policyVersion, scores: { [PICTURE_CATEGORY]: score }, flagged: allowed ? [] : [category] }, flags };
}
