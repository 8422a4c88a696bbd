import type { Clock } from '@gpt4video/ports/clock';
import { isDomainError } from '@gpt4video/ports/errors';
import type { GenerationQueue, Lease } from './generation-queue.js';

/** Beats for one lease until it rests; `stopped` fires when the owner says stop or the lease is lost. */
export class Heart {
  private readonly stop = new AbortController();
  private readonly resting = new AbortController();
  private readonly beating: Promise<void>;
  private progress = 0;
  private expiresAtMs: number;

  constructor(
    private readonly queue: GenerationQueue,
    private readonly clock: Clock,
    private readonly lease: Lease,
    private readonly intervalMs: number,
  ) {
    this.expiresAtMs = lease.expiresAtMs;
    this.beating = this.beatOn();
  }

  /** Fires when the work must stop: cancelled, or the lease is lost or ran out. */
  get stopped(): AbortSignal {
    return this.stop.signal;
  }

  /** The progress that the next beat reports: 0 to 100, whole, never backwards. */
  report(percent: number): void {
    this.progress = Math.max(this.progress, Math.min(100, Math.floor(percent)));
  }

  /** Ends the beating and waits for the beat in flight. */
  async rest(): Promise<void> {
    this.resting.abort();
    await this.beating;
  }

  private async beatOn(): Promise<void> {
    const over = AbortSignal.any([this.resting.signal, this.stop.signal]);
    while (!over.aborted) {
      await this.clock.sleep(this.intervalMs, over).catch(() => undefined);
      if (!over.aborted) await this.beat();
    }
  }

  private async beat(): Promise<void> {
    try {
      const pulse = await this.queue.heartbeat(this.lease, this.progress, this.resting.signal);
      this.expiresAtMs = pulse.expiresAtMs;
      if (pulse.stop) this.stop.abort();
    } catch (error) {
      // An owner that does not answer may be restarting: work goes on as long as the lease was granted.
      const lost = isDomainError(error) && (error.code === 'lease_lost' || error.code === 'not_found');
      if (lost || this.clock.now() >= this.expiresAtMs) this.stop.abort();
    }
  }
}
