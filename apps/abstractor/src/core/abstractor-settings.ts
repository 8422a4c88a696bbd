import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';

/** The shapes of the abstractor. */
export abstract class AbstractorSettings {
  /** Revision of stage and bundle; part of every artifact key. */
  abstract readonly revision: string;
  /** Revision of the bundle. */
  abstract readonly bundleRevision: string;
  /** Frames, tokens per frame and width of the patch features. */
  abstract readonly input: readonly [frames: number, tokens: number, width: number];
  /** Visual tokens per video, the closing one included. */
  abstract readonly tokens: number;
  /** Width of a visual token: that of the language model's space. */
  abstract readonly width: number;
}

// Raised when this stage makes other tokens of the same features and bundle.
const STAGE_VERSION = 1;

/** The settings that a bundle asks for. */
export function abstractorSettings(manifest: BundleManifest, bundleRevision: string): AbstractorSettings {
  const { abstractor, vision } = manifest;
  return {
    revision: `${STAGE_VERSION}-${bundleRevision}`,
    bundleRevision,
    input: [abstractor.frames, vision.tokens, vision.width],
    tokens: abstractor.tokens,
    width: abstractor.width,
  };
}
