import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { FilmSpec } from '@gpt4video/ports/film-model';
import type { GenerationError, GenerationResult } from './generation.js';

/** The right to work on one generation until a moment. */
export interface Lease {
  readonly generationId: string;
  /** Secret of this lease. */
  readonly token: string;
  /** Milliseconds since the epoch by the database's clock. */
  readonly expiresAtMs: number;
  /** From 1. */
  readonly attempt: number;
  readonly film: FilmSpec;
  readonly traceparent: string;
  /** Thresholds of the tenant's own, for the film's screening. */
  readonly own: OwnThresholds | undefined;
}

/** Names a lease. */
export interface LeaseKey {
  readonly generationId: string;
  readonly token: string;
}

/** What a living worker learns. */
export interface HeartbeatAnswer {
  /** True when the worker must stop: the generation ended, or the lease is another's. */
  readonly stop: boolean;
  readonly expiresAtMs: number;
}

/** How full the queue is. */
export interface QueueDepth {
  readonly queued: number;
  readonly inProgress: number;
  /** Milliseconds that the oldest queued generation has waited; 0 when none. */
  readonly oldestMs: number;
}

/** The leased queue of generations, as workers see it. */
export abstract class GenerationQueue {
  /** Leases the next generation: highest priority, then the tenant with least running, then the oldest. Undefined when none waits. */
  abstract claim(worker: string): Promise<Lease | undefined>;

  /** Extends the lease and records progress, which never falls. */
  abstract heartbeat(lease: LeaseKey, progress: number): Promise<HeartbeatAnswer>;

  /** Ends the generation with its film; repeating it is harmless. Throws `lease_lost`. */
  abstract complete(lease: LeaseKey, result: GenerationResult): Promise<void>;

  /** Ends the attempt: queued again when retryable and attempts are left, else failed. Throws `lease_lost`. */
  abstract fail(lease: LeaseKey, error: GenerationError): Promise<void>;

  /** Queues the generation again without counting the attempt. Throws `lease_lost`. */
  abstract release(lease: LeaseKey): Promise<void>;

  /** Deals with leases that ran out: queued again, or failed after the last attempt. Resolves with how many. */
  abstract reap(): Promise<number>;

  abstract depth(): Promise<QueueDepth>;
}
