import type { FrameChooser } from '@gpt4video/ports/video-codec';
import { uniformIndices } from './uniform-sampling.js';

/** Frames that the paper's model sees of a video (T, paper §4.1). */
export const UNDERSTANDING_FRAMES = 4;

/** Frames that decide whether a video is acceptable (the paper's code, `safety_checker`). */
export const SCREENING_FRAMES = 10;

/** Chooses `segments` frames spread evenly; the same segments, the same frames. */
export function uniformChooser(segments: number): FrameChooser {
  return (frameCount) => uniformIndices(frameCount, segments);
}

/** The four frames for the vision encoder. */
export const chooseForUnderstanding: FrameChooser = uniformChooser(UNDERSTANDING_FRAMES);

/** The ten frames for screening. */
export const chooseForScreening: FrameChooser = uniformChooser(SCREENING_FRAMES);

/** The frame in the middle, for a thumbnail. */
export const chooseThumbnail: FrameChooser = (frameCount) => [Math.floor((frameCount - 1) / 2)];
