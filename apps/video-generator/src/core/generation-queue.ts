import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import type { BlockingVerdict } from '@gpt4video/ports/errors';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { FilmSpec } from '@gpt4video/ports/film-model';
import type { LeaseToken } from './lease-token.js';

/** The right to film one generation until a moment. */
export interface Lease {
  readonly generationId: string;
  readonly token: LeaseToken;
  /** Milliseconds since the epoch, by the owner's clock. */
  readonly expiresAtMs: number;
  /** From 1. */
  readonly attempt: number;
  readonly spec: FilmSpec;
  /** W3C trace context of the turn or job that asked; empty when there is none. */
  readonly traceparent: string;
  /** Thresholds of the tenant's own, for the film's screening. */
  readonly own?: OwnThresholds | undefined;
}

/** What the owner says to a living worker. */
export interface Pulse {
  /** True when the generation was cancelled or the lease is lost. */
  readonly stop: boolean;
  /** Milliseconds since the epoch, by the owner's clock. */
  readonly expiresAtMs: number;
}

/** A film that is stored. */
export interface StoredFilm {
  /** MP4. */
  readonly video: AssetRef;
  /** WebP. */
  readonly thumbnail: AssetRef;
  /** JPEG. */
  readonly spritesheet: AssetRef;
  /** Milliseconds by stage: text_encoder, denoise, decode, mark, screen, encode, sign, store. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Why an attempt ended without a film. */
export interface FilmFailure {
  /** Stable code, such as `generation_failed` or `moderation_blocked.output`. */
  readonly code: string;
  /** For the person who asked. */
  readonly message: string;
  /** True when another attempt may succeed. */
  readonly retryable: boolean;
  /** Policy category when the film was blocked, else empty. */
  readonly category: string;
  /** What blocked the film, if screening did. */
  readonly verdict?: BlockingVerdict | undefined;
}

/** The leased rows of the owner of the database. Writes throw `lease_lost` when the lease is another's by now. */
export abstract class GenerationQueue {
  /** The next generation, or undefined when nothing is queued. */
  abstract claim(signal: AbortSignal): Promise<Lease | undefined>;

  /** Extends the lease and reports progress, 0 to 100. */
  abstract heartbeat(lease: Lease, progress: number, signal: AbortSignal): Promise<Pulse>;

  /** Ends the generation with its film. */
  abstract complete(lease: Lease, film: StoredFilm, signal: AbortSignal): Promise<void>;

  /** Ends the attempt without a film. */
  abstract fail(lease: Lease, failure: FilmFailure, signal: AbortSignal): Promise<void>;

  /** Hands the generation back unharmed. */
  abstract release(lease: Lease, signal: AbortSignal): Promise<void>;
}
