import type { BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import type { DecodeLimits } from '@gpt4video/ports/video-codec';

/** How frames for one purpose are brought to their size. */
export interface FrameShape {
  /** Frames per video. */
  readonly frames: number;
  /** Side in pixels. */
  readonly size: number;
  readonly resize: 'squash' | 'shortest-edge';
  readonly interpolation: 'bilinear' | 'bicubic' | 'lanczos';
}

/** How videos are cut into frames; the same everywhere in one process. */
export abstract class FrameSettings {
  /** Revision of stage and bundle; part of every artifact key. */
  abstract readonly revision: string;
  /** Frames for the vision tower; the paper's T of them. */
  abstract readonly understanding: FrameShape;
  /** Frames for screening, before the detector's own crop. */
  abstract readonly screening: FrameShape;
  /** Longer side of decoded frames and stills in pixels. */
  abstract readonly maxSide: number;
  /** What a hostile file may cost. */
  abstract readonly limits: DecodeLimits;
}

// Raised when this stage makes other bytes of the same video and bundle.
const STAGE_VERSION = 1;
// open_nsfw was trained on pictures squashed to 256 × 256, then cropped to 224.
const SCREENING = { size: 256, resize: 'squash', interpolation: 'bilinear' } as const;
const MAX_SIDE = 512;

/** The settings that a bundle asks for. */
export function frameSettings({ abstractor, vision, imageSafety }: BundleManifest, bundleRevision: string, limits: DecodeLimits): FrameSettings {
  const { resize, interpolation } = vision.preprocess;
  return {
    revision: `${STAGE_VERSION}-${bundleRevision}`,
    understanding: { frames: abstractor.frames, size: vision.size, resize, interpolation },
    screening: { frames: imageSafety.frames, ...SCREENING },
    maxSide: MAX_SIDE,
    limits,
  };
}
