import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** Where the understanding frames of a video come from. */
export abstract class FrameSource {
  /** The artifact with `frames` `[T, size, size, 3]` RGB bytes; the video is decoded when it is not stored yet. */
  abstract framesOf(video: AssetRef, signal: AbortSignal): Promise<AssetRef>;
}
