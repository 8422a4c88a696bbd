/** How an attempt ended: `stopped` when it was cancelled or the lease was lost, `released` when the worker shut down. */
export type AttemptOutcome = 'completed' | 'blocked' | 'failed' | 'stopped' | 'released';

/** Told about the work, for metrics. */
export abstract class FilmObserver {
  /** An attempt began. */
  abstract began(): void;

  /** An attempt ended after `ms` milliseconds. */
  abstract ended(outcome: AttemptOutcome, ms: number): void;

  /** A film of so many frames took these milliseconds by stage. */
  abstract filmed(frames: number, stageMs: Readonly<Record<string, number>>): void;
}
