/** Milliseconds over which a rate is taken. */
export const RATE_WINDOW_MS = 5 * 60_000;
const MOST_REMEMBERED = 20_000;

/** How often something happened in the last five minutes, in this process. */
export class RecentRate {
  private readonly moments: number[] = [];

  /** It happened now, in milliseconds of any clock that the reader shares. */
  note(nowMs: number): void {
    this.moments.push(nowMs);
    if (this.moments.length > MOST_REMEMBERED) this.moments.shift();
  }

  /** Times in a minute. */
  perMinute(nowMs: number): number {
    while ((this.moments[0] ?? nowMs) < nowMs - RATE_WINDOW_MS) this.moments.shift();
    return this.moments.length / (RATE_WINDOW_MS / 60_000);
  }
}
