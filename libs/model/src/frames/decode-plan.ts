import { DomainError } from '@gpt4video/ports/errors';
import type { FrameChooser } from '@gpt4video/ports/video-codec';

/** Which frames one decode pass has to yield, and where each choice finds its own. */
export interface DecodePlan {
  /** Wanted frames, ascending and distinct. */
  readonly indices: readonly number[];
  /** One list a chooser: positions into `indices`, in the chooser's order. */
  readonly slots: readonly (readonly number[])[];
}

/** Joins the choices of all choosers, so that each frame is decoded once. Throws `internal` when a choice is out of range. */
export function decodePlan(frameCount: number, choosers: readonly FrameChooser[]): DecodePlan {
  const choices = choosers.map((choose) => choose(frameCount));
  for (const index of choices.flat()) {
    if (!Number.isInteger(index) || index < 0 || index >= frameCount) {
      throw new DomainError('internal', `Frame ${index} was chosen of a video with ${frameCount}; choose 0 to ${frameCount - 1}.`);
    }
  }
  const indices = [...new Set(choices.flat())].sort((a, b) => a - b);
  const positions = new Map(indices.map((index, position) => [index, position]));
  return { indices, slots: choices.map((choice) => choice.map((index) => positions.get(index) ?? 0)) };
}
