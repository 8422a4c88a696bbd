import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { isDomainError } from '@gpt4video/ports/errors';
import type { AttemptOutcome } from './film-observer.js';
import { failureOf } from './film-failure.js';
import { FilmLibrary } from './film-library.js';
import { FilmWorkerSettings } from './film-worker-settings.js';
import { GenerationQueue, type Lease, type StoredFilm } from './generation-queue.js';
import { Heart } from './heart.js';
import { MakeFilmService } from './make-film.service.js';

// The film itself is 90 % of the way; screening, encoding and storing are the rest.
const FILMING_SHARE = 90;
const FILMED = 95;
const RETRY_MS = 500;

/** One attempt at one leased generation, from the claim to its end. */
@Injectable()
export class FilmAttemptService {
  constructor(
    private readonly queue: GenerationQueue,
    private readonly films: MakeFilmService,
    private readonly library: FilmLibrary,
    private readonly clock: Clock,
    private readonly settings: FilmWorkerSettings,
  ) {}

  /**
   * Films under the lease, with heartbeats. Never throws: a failure is reported to the queue, a cancelled generation or
   * lost lease is left alone, and a generation in hand at shutdown is released.
   */
  async run(lease: Lease, shutdown: AbortSignal): Promise<AttemptOutcome> {
    const heart = new Heart(this.queue, this.clock, lease, this.settings.heartbeatMs);
    const signal = AbortSignal.any([shutdown, heart.stopped]);
    try {
      return await this.attempt(lease, heart, signal);
    } catch (error) {
      // The film is not wanted any more, or no longer ours: whatever was thrown is a consequence.
      if (heart.stopped.aborted || isLeaseLost(error)) return 'stopped';
      if (shutdown.aborted) return await this.release(lease);
      return await this.fail(lease, error, signal);
    } finally {
      await heart.rest();
    }
  }

  private async attempt(lease: Lease, heart: Heart, signal: AbortSignal): Promise<AttemptOutcome> {
    const stored = await this.makeAndKeep(lease, heart, signal);
    // From here on the queue may know the film, even when its answer is lost, so nothing is discarded any more.
    await this.insist(async () => await this.queue.complete(lease, stored, signal), signal);
    return 'completed';
  }

  private async makeAndKeep(lease: Lease, heart: Heart, signal: AbortSignal): Promise<StoredFilm> {
    try {
      const finished = await this.films.make({ spec: lease.spec, title: lease.generationId, own: lease.own }, ({ step, steps }) => heart.report((FILMING_SHARE * step) / steps), signal);
      heart.report(FILMED);
      const stored = await this.library.keep(lease, finished, signal);
      signal.throwIfAborted();
      return stored;
    } catch (error) {
      await this.library.discard(lease).catch(() => undefined);
      throw error;
    }
  }

  private async fail(lease: Lease, error: unknown, signal: AbortSignal): Promise<AttemptOutcome> {
    const failure = failureOf(error);
    // When the queue cannot be told, the lease runs out and the generation is tried again.
    await this.insist(async () => await this.queue.fail(lease, failure, signal), signal).catch(() => undefined);
    return failure.code === 'moderation_blocked.output' ? 'blocked' : 'failed';
  }

  private async release(lease: Lease): Promise<AttemptOutcome> {
    await this.queue.release(lease, AbortSignal.timeout(this.settings.releaseMs)).catch(() => undefined);
    return 'released';
  }

  /** Tells the queue until it answers; the heartbeat ends the wait when the lease has run out meanwhile. */
  private async insist(call: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await call();
        return;
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
        await this.clock.sleep(RETRY_MS, signal);
      }
    }
  }
}

function isTransient(error: unknown): boolean {
  return isDomainError(error) && ['unavailable', 'overloaded', 'deadline_exceeded'].includes(error.code);
}

function isLeaseLost(error: unknown): boolean {
  return isDomainError(error) && error.code === 'lease_lost';
}
