import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import type { PreprocessConfig } from '@gpt4video/model/clip/preprocess';

/** The shapes and numbers of the vision tower. */
export abstract class VisionSettings {
  /** Revision of stage and bundle; part of every artifact key. */
  abstract readonly revision: string;
  /** Revision of the bundle. */
  abstract readonly bundleRevision: string;
  /** Side of the input in pixels, and how frames are brought to it. */
  abstract readonly preprocess: PreprocessConfig;
  /** Tokens per frame, CLS included. */
  abstract readonly tokens: number;
  /** Width of a token. */
  abstract readonly width: number;
  /** Most frames in one run of the model. */
  abstract readonly maxBatchFrames: number;
}

// Raised when this stage makes other features of the same frames and bundle.
const STAGE_VERSION = 1;

/** The settings that a bundle asks for. */
export function visionSettings(manifest: BundleManifest, bundleRevision: string, maxBatchFrames: number): VisionSettings {
  const { size, tokens, width, preprocess } = manifest.vision;
  return { revision: `${STAGE_VERSION}-${bundleRevision}`, bundleRevision, preprocess: { size, ...preprocess }, tokens, width, maxBatchFrames };
}
