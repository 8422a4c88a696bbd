import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** Where content stands in a turn. */
export type ScreeningStage = 'input' | 'output' | 'caption' | 'film';

/** A decision about one piece of content. */
export interface Verdict {
  readonly allowed: boolean;
  /** Deciding category, empty when allowed. */
  readonly category: string;
  /** 0 to 1. */
  readonly score: number;
  readonly threshold: number;
  readonly policyVersion: string;
  readonly scores: Readonly<Record<string, number>>;
  /** Every category whose score reached its threshold. */
  readonly flagged: readonly string[];
  readonly stage: ScreeningStage;
}

/** The score of one frame of a video. */
export interface FrameScore {
  /** Milliseconds from the first frame. */
  readonly timestampMs: number;
  /** 0 to 1. */
  readonly score: number;
  readonly flagged: boolean;
}

/** The decision about a video, and the frames that it rests on. */
export interface VideoVerdict {
  readonly verdict: Verdict;
  readonly frames: readonly FrameScore[];
}

/** Texts to screen for a tenant, whose thresholds may be its own. */
export interface TextsToScreen {
  readonly tenantId: string;
  readonly texts: readonly string[];
  readonly stage: ScreeningStage;
}

/** Screens what tenants send and get. A stage that does not answer is a refusal: both methods throw `screening_unavailable`. */
export abstract class Screener {
  /** Verdicts in the order of the texts. */
  abstract screenTexts(request: TextsToScreen, signal: AbortSignal): Promise<readonly Verdict[]>;

  abstract screenVideo(tenantId: string, video: AssetRef, signal: AbortSignal): Promise<VideoVerdict>;
}
