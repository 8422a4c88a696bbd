import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** Where content stands in a turn. */
export type ScreeningStage = 'input' | 'output' | 'caption';

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
}

/** The screening stage. A stage that does not answer is a refusal: both methods throw `screening_unavailable`. */
export abstract class Screener {
  /** Verdicts in the order of the texts. */
  abstract screenTexts(texts: readonly string[], stage: ScreeningStage, signal: AbortSignal): Promise<readonly Verdict[]>;

  abstract screenVideo(video: AssetRef, signal: AbortSignal): Promise<Verdict>;
}
