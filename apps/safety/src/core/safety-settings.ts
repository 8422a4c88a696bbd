import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import type { WindowPlan } from './text-windows.js';

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
  /** What the head reads of the embedding's graph: an inner tensor, one row a token; its sentence vector when absent. */
  abstract readonly states: { readonly tensor: string; readonly width: number } | undefined;
  /** How a long text is cut, to be judged as a whole. */
  abstract readonly wide: WindowPlan;
  /** How each of its sentences is cut, to be judged by itself. */
  abstract readonly narrow: WindowPlan;
  /** Side of the detector's input in pixels. */
  abstract readonly imageSize: number;
  /** Score from which a frame is flagged, inclusive. */
  abstract readonly imageThreshold: number;
  /** Frames that the rule judges. */
  abstract readonly imageFrames: number;
  /** Most flagged frames of an acceptable video. */
  abstract readonly maxFlagged: number;
}

// The embedding was trained on 128 tokens. It averages them, so that one bad sentence among many drowns in a wide window:
// hence the narrow ones.
const WIDE_TOKENS = 126;
const WIDE_OVERLAP = 32;
const NARROW = { size: 32, overlap: 16 };

/** The settings that a bundle asks for. */
export function safetySettings({ textSafety, textEmbedding, imageSafety }: BundleManifest): SafetySettings {
  return {
    policyVersion: textSafety.policyVersion,
    categories: textSafety.categories,
    thresholds: textSafety.thresholds,
    embeddingWidth: textEmbedding.width,
    states: textSafety.states,
    wide: { size: Math.min(WIDE_TOKENS, textEmbedding.maxTokens - 2), overlap: WIDE_OVERLAP },
    narrow: NARROW,
    imageSize: imageSafety.size,
    imageThreshold: imageSafety.threshold,
    imageFrames: imageSafety.frames,
    maxFlagged: imageSafety.maxFlagged,
  };
}
