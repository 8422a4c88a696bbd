import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';

/** The policy and the shapes of the screening models. */
export abstract class SafetySettings {
  /** Version of the policy; stands in every verdict. */
  abstract readonly policyVersion: string;
  /** Categories in the order of the head's scores. */
  abstract readonly categories: readonly string[];
  /** Threshold by category, 0 to 1, inclusive. */
  abstract readonly thresholds: Readonly<Record<string, number>>;
  /** Width of a sentence embedding. */
  abstract readonly embeddingWidth: number;
  /** Tokens of text that are judged at once. */
  abstract readonly windowTokens: number;
  /** Tokens that a window shares with the one before. */
  abstract readonly overlapTokens: number;
  /** Side of the detector's input in pixels. */
  abstract readonly imageSize: number;
  /** Score from which a frame is flagged, inclusive. */
  abstract readonly imageThreshold: number;
  /** Frames that the rule judges. */
  abstract readonly imageFrames: number;
  /** Most flagged frames of an acceptable video. */
  abstract readonly maxFlagged: number;
}

// The embedding was trained on 128 tokens; a longer window also dilutes what one bad sentence says.
const WINDOW_TOKENS = 126;
const OVERLAP_TOKENS = 32;

/** The settings that a bundle asks for. */
export function safetySettings({ textSafety, textEmbedding, imageSafety }: BundleManifest): SafetySettings {
  return {
    policyVersion: textSafety.policyVersion,
    categories: textSafety.categories,
    thresholds: textSafety.thresholds,
    embeddingWidth: textEmbedding.width,
    windowTokens: Math.min(WINDOW_TOKENS, textEmbedding.maxTokens - 2),
    overlapTokens: OVERLAP_TOKENS,
    imageSize: imageSafety.size,
    imageThreshold: imageSafety.threshold,
    imageFrames: imageSafety.frames,
    maxFlagged: imageSafety.maxFlagged,
  };
}
