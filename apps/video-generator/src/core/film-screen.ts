import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { BlockingVerdict } from '@gpt4video/ports/errors';

/** Frames of a film, before it is delivered. */
export interface FilmSample {
  /** `[frames, height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Milliseconds from the first frame, one per frame. */
  readonly timestampsMs: readonly number[];
}

/** What screening decided about a film; the category is empty when it is allowed. */
export interface FilmDecision extends BlockingVerdict {
  readonly allowed: boolean;
}

/** Screens films. No decision means no: throws `screening_unavailable` or `unavailable`. */
export abstract class FilmScreen {
  /** Decides about the sampled frames, by the policy or by thresholds of the tenant's own. */
  abstract screen(sample: FilmSample, own: OwnThresholds | undefined, signal: AbortSignal): Promise<FilmDecision>;
}
