/** The time, so that tests can own it. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Resolves after `ms` milliseconds; rejects with an AbortError when the signal fires first. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
