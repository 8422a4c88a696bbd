/** Told how each ask for an artifact was answered. */
export abstract class StageObserver {
  /** `hit`: it was stored; `computed`: it was made now, in `ms` milliseconds. */
  abstract answered(how: 'hit' | 'computed', ms: number): void;
}
