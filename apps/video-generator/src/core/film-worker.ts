import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { toDomainError } from '@gpt4video/ports/errors';
import { FilmAttemptService } from './film-attempt.service.js';
import { FilmObserver } from './film-observer.js';
import { FilmWorkerSettings } from './film-worker-settings.js';
import { GenerationQueue, type Lease } from './generation-queue.js';

/** Claims generations one after another from `start` to `stop`; hands the one in hand back when it stops. */
@Injectable()
export class FilmWorker {
  private readonly logger = new Logger(FilmWorker.name);
  private readonly stopping = new AbortController();
  private idle = new AbortController();
  private working: Promise<void> = Promise.resolve();
  private reachable = true;

  constructor(
    private readonly queue: GenerationQueue,
    private readonly attempts: FilmAttemptService,
    private readonly clock: Clock,
    private readonly settings: FilmWorkerSettings,
    private readonly observer: FilmObserver,
  ) {}

  /** Begins to claim. */
  start(): void {
    this.working = this.work();
  }

  /** Claims no more, and resolves when the generation in hand is finished or handed back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** Ends the pause of an idle worker: something was queued. */
  wake(): void {
    this.idle.abort();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // Renewed before the ask, so that a wake during it is not slept through.
      this.idle = new AbortController();
      const lease = await this.claim(signal);
      if (lease !== undefined) await this.film(lease, signal);
      else await this.pause(signal);
    }
  }

  private async claim(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      const lease = await this.queue.claim(signal);
      if (!this.reachable) this.logger.log('The generation queue answers again.');
      this.reachable = true;
      return lease;
    } catch (error) {
      // Once per outage: the next asks would say the same.
      if (this.reachable && !signal.aborted) this.logger.warn(`The generation queue does not answer (${toDomainError(error).code}); asking on.`);
      this.reachable = false;
      return undefined;
    }
  }

  private async film(lease: Lease, signal: AbortSignal): Promise<void> {
    const started = this.clock.now();
    this.observer.began();
    const outcome = await this.attempts.run(lease, signal);
    this.observer.ended(outcome, this.clock.now() - started);
  }

  private async pause(signal: AbortSignal): Promise<void> {
    // Spread around the interval, so that many workers do not ask in step.
    const ms = randomInt(Math.floor(this.settings.pollMs / 2), Math.ceil(this.settings.pollMs * 1.5) + 1);
    await this.clock.sleep(ms, AbortSignal.any([signal, this.idle.signal])).catch(() => undefined);
  }
}
