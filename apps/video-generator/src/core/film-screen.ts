/** Frames of a film, before it is delivered. */
export interface FilmSample {
  /** `[frames, height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Milliseconds from the first frame, one per frame. */
  readonly timestampsMs: readonly number[];
}

/** What screening decided about a film. */
export interface FilmDecision {
  readonly allowed: boolean;
  /** Deciding category, empty when allowed. */
  readonly category: string;
}

/** Screens films. No decision means no: throws `screening_unavailable` or `unavailable`. */
export abstract class FilmScreen {
  /** Decides about the sampled frames. */
  abstract screen(sample: FilmSample, signal: AbortSignal): Promise<FilmDecision>;
}
