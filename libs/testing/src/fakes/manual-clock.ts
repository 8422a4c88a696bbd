import { Clock } from '@gpt4video/ports/clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that moves only when a test says so. */
export class ManualClock extends Clock {
  private time: number;
  private sleepers: Sleeper[] = [];

  constructor(startMs = 1_000_000) {
    super();
    this.time = startMs;
  }

  /** How many wait for time to pass. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  override now(): number {
    return this.time;
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(new DOMException('The sleep was aborted.', 'AbortError'));
      };
      const sleeper = {
        until: this.time + ms,
        wake: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Lets time pass, wakes who waited for it, and lets them run. */
  async advance(ms: number): Promise<void> {
    this.time += ms;
    const due = this.sleepers.filter(({ until }) => until <= this.time);
    this.sleepers = this.sleepers.filter(({ until }) => until > this.time);
    for (const { wake } of due) wake();
    await settle();
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
