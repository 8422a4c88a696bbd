import { DomainError } from '@gpt4video/ports/errors';

const RETRY_AFTER_MS = 1000;

/** Lets one task run at a time and a bounded number wait, first come first served. */
export class RunQueue {
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  /** `maxWaiting` tasks may wait besides the one that runs. */
  constructor(private readonly maxWaiting: number) {}

  /** Waits for the turn; the caller must call the result once, when done. Throws `overloaded` when full, `cancelled` when the signal fires first. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted === true) throw cancelled(signal);
    if (this.#busy) await this.#wait(signal);
    this.#busy = true;
    return () => this.#leave();
  }

  async #wait(signal?: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.maxWaiting) {
      throw new DomainError('overloaded', `The model is busy and ${this.maxWaiting} requests wait already; try again shortly.`, { retryAfterMs: RETRY_AFTER_MS });
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        const place = this.#waiting.indexOf(go);
        if (place < 0) return;
        this.#waiting.splice(place, 1);
        reject(cancelled(signal));
      };
      this.#waiting.push(go);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Hands the turn to the next without letting a newcomer in between: `#busy` stays set. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next();
  }
}

function cancelled(signal: AbortSignal | undefined): DomainError {
  return new DomainError('cancelled', 'The request was cancelled while it waited for the model.', { cause: signal?.reason });
}
