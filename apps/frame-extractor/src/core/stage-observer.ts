/** Told how each ask for an artifact was answered, and of the work it took. */
export abstract class StageObserver {
  /** `hit`: it was stored; `computed`: it was made now, in `ms` milliseconds. */
  abstract answered(how: 'hit' | 'computed', ms: number): void;

  /** So many frames of a video were decoded and kept for understanding and screening. */
  abstract decoded(frames: number): void;
}
