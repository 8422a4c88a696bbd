import { setTimeout as delay } from 'node:timers/promises';

/** What can be kept running: a `ServerProcess`, or what looks like one. */
export interface Startable {
  readonly name: string;
  readonly running: boolean;
  start(): Promise<void>;
  stop(): Promise<number | null>;
  /** Resolves when the running process ends. */
  untilEnd(): Promise<number | null>;
}

/** Milliseconds before a start that follows an end: growing with ends in a row. */
export interface Backoff {
  readonly firstMs: number;
  readonly lastMs: number;
  /** A life of this length forgives the ends before it. */
  readonly steadyMs: number;
}

const BACKOFF: Backoff = { firstMs: 200, lastMs: 10_000, steadyMs: 20_000 };

/** Keeps a process running until it is told to stop: what ends by itself is started again, later each time. */
export class Supervised {
  private wanted: AbortController | undefined;
  private keeping: Promise<void> = Promise.resolve();
  private endsInARow = 0;
  /** How often it was started again. */
  restarts = 0;

  constructor(
    private readonly process: Startable,
    private readonly say: (line: string) => void,
    private readonly backoff: Backoff = BACKOFF,
  ) {}

  /** Starts the process and resolves when it is ready; a first start that fails is not tried again. */
  async start(): Promise<void> {
    await this.process.start();
    this.wanted = new AbortController();
    this.keeping = this.keep(this.wanted.signal);
  }

  /** Stops the process for good and resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.wanted?.abort();
    const code = await this.process.stop();
    await this.keeping;
    // It may have been on its way up.
    return this.process.running ? this.process.stop() : code;
  }

  private async keep(unwanted: AbortSignal): Promise<void> {
    while (!unwanted.aborted) {
      const begin = performance.now();
      const code = await this.process.untilEnd();
      if (unwanted.aborted) return;
      this.endsInARow = performance.now() - begin > this.backoff.steadyMs ? 1 : this.endsInARow + 1;
      const waitMs = Math.min(this.backoff.firstMs * 2 ** (this.endsInARow - 1), this.backoff.lastMs);
      this.say(`${this.process.name} ended (${code ?? 'by a signal'}); it is started again in ${waitMs} ms`);
      await delay(waitMs, undefined, { signal: unwanted }).catch(() => undefined);
      if (unwanted.aborted) return;
      this.restarts += 1;
      await this.process.start().then(
        () => this.say(`${this.process.name} is back`),
        (error: unknown) => this.say(`${this.process.name} did not come back: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  }
}
