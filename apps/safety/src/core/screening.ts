import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { Verdict } from '@gpt4video/model/safety/verdict';
import { DomainError, toDomainError } from '@gpt4video/ports/errors';

/** Where in the turn the content stands. */
export type Stage = 'input' | 'output' | 'caption' | 'film';

/** A verdict and where it was passed. */
export interface StagedVerdict extends Verdict {
  readonly stage: Stage;
}

/** The verdict about one frame. */
export interface FrameVerdict {
  /** Milliseconds from the first frame. */
  readonly timestampMs: number;
  /** 0 to 1. */
  readonly score: number;
  readonly flagged: boolean;
}

/** The decision about a video or film, and the frames it rests on. */
export interface VideoVerdict {
  readonly verdict: StagedVerdict;
  readonly frames: readonly FrameVerdict[];
}

/** Where content stands, and by which thresholds beside the policy's it is judged. */
export interface Standing {
  readonly stage: Stage;
  readonly own?: OwnThresholds | undefined;
}

// These say something about the request itself, not about whether screening works.
const CALLERS_FAULT: ReadonlySet<string> = new Set(['cancelled', 'deadline_exceeded', 'invalid_request', 'invalid_video', 'video_too_large', 'video_too_long', 'unsupported_media', 'artifact_missing']);

/** Runs a screening step; whatever goes wrong in it becomes `screening_unavailable`: no verdict means no. */
export async function closed<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (error.code === 'screening_unavailable' || CALLERS_FAULT.has(error.code)) throw error;
    throw new DomainError('screening_unavailable', `The ${what} cannot be screened at the moment, so it is held back; try again later.`, { cause: thrown });
  }
}
