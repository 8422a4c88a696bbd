import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { FrameSummary } from './file.js';

/** The stage that decodes videos. */
export abstract class FrameExtraction {
  /**
   * Decodes the video once and tells what is in it. Throws `invalid_video`, `unsupported_media`, `video_too_long`, `video_too_large`
   * for what is not an acceptable video, `unavailable` when the stage does not answer.
   */
  abstract extract(video: AssetRef, signal: AbortSignal): Promise<FrameSummary>;
}
