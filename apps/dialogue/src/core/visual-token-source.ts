import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** A video as the language model sees it. */
export interface VisualTokens {
  /** `[count, width]` row-major. */
  readonly vectors: Float32Array;
  readonly count: number;
  readonly width: number;
  /** SHA-256 of the artifact that holds them. */
  readonly sha256: string;
}

/** Where the visual tokens of a video come from. */
export abstract class VisualTokenSource {
  /** The visual tokens; the video is worked through when they are not stored yet. */
  abstract tokensOf(video: AssetRef, signal: AbortSignal): Promise<VisualTokens>;
}
