import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { toDomainError } from '@gpt4video/ports/errors';
import { FilmAttemptService } from './film-attempt.service.js';
import { FilmObserver } from './film-observer.js';
import { FilmWorkerSettings } from './film-worker-settings.js';
import { GenerationQueue, type Lease } from './generation-queue.js';

/** Claims generations one after another from `start` to `stop`; the one in hand is then finished or handed back. */
@Injectable()
export class FilmWorker {
  private readonly logger = new Logger(FilmWorker.name);
  /** Claims no more. */
  private readonly stopping = new AbortController();
  /** Hands back what is in hand. */
  private readonly yielding = new AbortController();
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

  /** Claims no more, and resolves when the generation in hand is finished or, once `graceMs` is nearly over, handed back. */
  async stop(graceMs = 0): Promise<void> {
    this.stopping.abort();
    // Handing back needs its own time out of the grace.
    const filmingMs = graceMs - this.settings.releaseMs;
    if (filmingMs > 0) await this.restWithin(filmingMs);
    this.yielding.abort();
    await this.working;
  }

  /** Ends the pause of an idle worker: something was queued. */
  wake(): void {
    this.idle.abort();
  }

  private async restWithin(ms: number): Promise<void> {
    const rested = new AbortController();
    const patience = this.clock.sleep(ms, rested.signal).catch(() => undefined);
    await Promise.race([this.working, patience]);
    rested.abort();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // Renewed before the ask, so that a wake during it is not slept through.
      this.idle = new AbortController();
      const lease = await this.claim(signal);
      // A lease that came while the worker was told to stop is handed back at once.
      if (lease !== undefined) await this.film(lease, signal.aborted ? signal : this.yielding.signal);
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
