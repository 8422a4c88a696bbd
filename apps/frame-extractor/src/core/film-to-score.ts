import { uniformChooser } from '@gpt4video/model/frames/choosers';
import type { RgbFrames } from '@gpt4video/model/watermark/rgb-frames';
import { DomainError } from '@gpt4video/ports/errors';
import type { DecodedFrame } from '@gpt4video/ports/video-codec';

/** How a video is decoded to look for a mark: the mark is the same in every frame, so that what moves averages out, and is measured on 64 × 64 cells. */
export const SCORED = { choosers: [uniformChooser(48)], maxSide: 256 };

/** The chosen frames as one film. Throws `invalid_video` when there is none. */
export function filmToScore(chosen: readonly DecodedFrame[] = []): RgbFrames {
  const [first] = chosen;
  if (first === undefined) throw new DomainError('invalid_video', 'The video holds no frame that can be shown; export it again as MP4 (H.264) and send that.');
  const { width, height } = first;
  // A video may change its size on the way; what is not of the first size says nothing more.
  const frames = chosen.filter((frame) => frame.width === width && frame.height === height);
  const pixels = new Uint8Array(frames.length * width * height * 3);
  frames.forEach((frame, index) => pixels.set(frame.pixels, index * width * height * 3));
  return { pixels, frames: frames.length, width, height };
}
