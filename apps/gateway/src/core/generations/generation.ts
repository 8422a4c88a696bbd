import type { AssetRef } from '@gpt4video/ports/asset-ref';
import type { BlockingVerdict } from '@gpt4video/ports/errors';
import type { FilmSpec } from '@gpt4video/ports/film-model';

/** queued → in_progress → completed, failed or cancelled; the last three are never left. */
export type GenerationStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled';

/** Why there is no film. */
export interface GenerationError {
  /** Stable code: `generation_failed`, `cancelled`, `moderation_blocked.input`, `moderation_blocked.output`. */
  readonly code: string;
  readonly message: string;
  /** True when asking again may help. */
  readonly retryable: boolean;
  /** Policy category, empty unless blocked. */
  readonly category: string;
  /** What blocked the film, if screening did. */
  readonly verdict?: BlockingVerdict;
}

/** A finished film and how it was made. */
export interface GenerationResult {
  readonly video: AssetRef;
  readonly thumbnail: AssetRef;
  readonly spritesheet: AssetRef;
  /** Milliseconds by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
  readonly bundleRevision: string;
}

/** A film that was asked for. */
export interface Generation {
  readonly id: string;
  readonly tenantId: string;
  readonly model: string;
  readonly status: GenerationStatus;
  /** 0 to 100, never falling. */
  readonly progress: number;
  /** Higher is claimed first. */
  readonly priority: number;
  readonly film: FilmSpec;
  /** Attempts begun. */
  readonly attempt: number;
  readonly traceparent: string;
  /** The generation whose settings this one was made with. */
  readonly remixedFrom?: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly result?: GenerationResult;
  readonly error?: GenerationError;
}

/** True when nothing will change any more. */
export function isTerminal(status: GenerationStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Something that happened to a generation; `sequence` counts from 1 within it. */
export interface GenerationEvent {
  readonly sequence: number;
  readonly type: 'queued' | 'in_progress' | 'progress' | 'completed' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly atMs: number;
}
