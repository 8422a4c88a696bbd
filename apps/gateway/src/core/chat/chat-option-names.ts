import type { OptionNames } from '../generations/film-options.js';

/** How a chat request spells a film's options. */
export const CHAT_OPTION_NAMES: OptionNames = {
  size: 'video_generation.size',
  seconds: 'video_generation.seconds',
  fps: 'video_generation.fps',
  frames: 'video_generation.num_frames',
  steps: 'video_generation.steps',
};
