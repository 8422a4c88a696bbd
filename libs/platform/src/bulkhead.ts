import { DomainError } from '@gpt4video/ports/errors';
import { abortReason } from './abort.js';

/** How much a bulkhead lets in. */
export interface BulkheadLimits {
  /** Most pieces of work at once. */
  readonly concurrency: number;
  /** Most callers that wait; 0 refuses at once. */
  readonly queue: number;
  /** Milliseconds that a refused caller is told to wait. */
  readonly retryAfterMs: number;
}

/** Bounds work on one resource: a few at once, a few waiting in order, the rest refused at the door. */
export class Bulkhead {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly limits: BulkheadLimits,
  ) {}

  /** Pieces of work that hold a place. */
  get active(): number {
    return this.running;
  }

  /** Callers in the queue. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Runs `work` when there is room. Throws `overloaded` when the queue is full, the signal's reason when it fires while waiting. */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const release = await this.enter(signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Takes a place until the returned function is called; for work that outlives one function, such as a stream. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw abortReason(signal);
    if (this.running < this.limits.concurrency) this.running += 1;
    else await this.wait(signal);
    let held = true;
    return () => {
      if (held) this.leave();
      held = false;
    };
  }

  private wait(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= this.limits.queue) {
      const { retryAfterMs } = this.limits;
      return Promise.reject(new DomainError('overloaded', `The queue of ${this.name} is full; try again in ${Math.ceil(retryAfterMs / 1_000)} s.`, { retryAfterMs }));
    }
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.waiting.splice(this.waiting.indexOf(admit), 1);
        reject(abortReason(signal));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(admit);
    });
  }

  // The place passes straight to the next in line, so that a newcomer cannot overtake the queue.
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}
