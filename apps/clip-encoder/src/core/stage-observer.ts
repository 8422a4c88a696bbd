/** Told how each ask for an artifact was answered, and of the model's runs. */
export abstract class StageObserver {
  /** `hit`: it was stored; `computed`: it was made now, in `ms` milliseconds. */
  abstract answered(how: 'hit' | 'computed', ms: number): void;

  /** The model ran on so many frames at once, `ms` milliseconds long. */
  abstract encoded(frames: number, ms: number): void;
}
