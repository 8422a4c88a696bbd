import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { ManifestReading } from '@gpt4video/ports/provenance';

/** What a video carries of our making. */
export interface VideoInspection {
  readonly manifest: ManifestReading;
  /** Deviations above chance, the score that counts as marked, and the highest there is. */
  readonly watermark: { readonly score: number; readonly threshold: number; readonly ceiling: number };
}

/** The stage that recognises films of ours. */
export abstract class VideoInspector {
  /** Reads manifest and watermark. Throws `invalid_video` and kin for what is no video, `unavailable` when the stage does not answer. */
  abstract inspect(video: AssetRef, signal: AbortSignal): Promise<VideoInspection>;
}
