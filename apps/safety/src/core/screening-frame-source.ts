import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** The screening frames of one video. */
export interface ScreeningFrames {
  /** `frames` `[N, height, width, 3]` RGB bytes. */
  readonly artifact: AssetRef;
  /** Milliseconds from the first frame, one per frame. */
  readonly timestampsMs: readonly number[];
}

/** Where the screening frames of a video come from. */
export abstract class ScreeningFrameSource {
  /** The screening frames; the video is decoded when they are not stored yet. */
  abstract framesOf(video: AssetRef, signal: AbortSignal): Promise<ScreeningFrames>;
}
