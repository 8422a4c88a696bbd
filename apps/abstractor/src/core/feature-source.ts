import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** Where the patch features of a video come from. */
export abstract class FeatureSource {
  /** The artifact with `features` `[frames, tokens, width]` binary32; the video is encoded when it is not stored yet. */
  abstract featuresOf(video: AssetRef, signal: AbortSignal): Promise<AssetRef>;
}
