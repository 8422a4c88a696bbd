import { DomainError } from '@gpt4video/ports/errors';
import { roundHalfToEven } from '../tensor/round-half-to-even.js';

/**
 * Indices of `segments` frames spread over a video of `frameCount` (mPLUG-Owl `get_index`, the paper's uniform sampling):
 * s = (N − 1)/T, start = ⌊s/2⌋, index k = start + round(s·k), halves to even. Ascending, never out of range; short videos repeat frames.
 * Throws `invalid_video` when there is no frame, `internal` when there is no segment.
 */
export function uniformIndices(frameCount: number, segments: number): number[] {
  if (!Number.isSafeInteger(frameCount) || frameCount < 1) {
    throw new DomainError('invalid_video', `The video has ${frameCount} frames; send one with at least one.`);
  }
  if (!Number.isSafeInteger(segments) || segments < 1) {
    throw new DomainError('internal', `Cannot sample ${segments} frames; ask for at least one.`);
  }
  const spacing = (frameCount - 1) / segments;
  const start = Math.trunc(spacing / 2);
  return Array.from({ length: segments }, (_, segment) => start + roundHalfToEven(spacing * segment));
}
