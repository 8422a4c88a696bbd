import type { GenerationStatus } from '../generations/generation.js';

/** How one stage stands. What is not known is null; it is never guessed. */
export interface StageState {
  /** Name of the stage's service, or `outbox` and `webhooks` for what the gateway sends out. */
  readonly name: string;
  /** Pieces of work that wait. */
  readonly waiting: number | null;
  /** Milliseconds that the oldest of them has waited; 0 when none waits. */
  readonly oldestMs: number | null;
  /** Pieces of work in hand. */
  readonly inHand: number | null;
  /** Pieces of work done in a minute, over the last five. */
  readonly perMinute: number | null;
}

/** A generation as operators may see it: when and how, never what of. */
export interface GenerationFacts {
  readonly id: string;
  readonly tenantId: string;
  readonly status: GenerationStatus;
  readonly model: string;
  /** Revision of the bundle that made it; null until it is made. */
  readonly bundleRevision: string | null;
  readonly attempt: number;
  readonly worker: string | null;
  readonly errorCode: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly traceparent: string;
  /** Milliseconds by stage, in the order in which the stages run. */
  readonly stageMs: readonly (readonly [stage: string, ms: number])[];
}

/** What operators look at, across all tenants. */
export abstract class OperationsBoard {
  /** The stages whose work is written down: ingest, films, facts, webhooks. */
  abstract stages(): Promise<readonly StageState[]>;

  /** The generations that were asked for last, the newest first. */
  abstract recent(limit: number): Promise<readonly GenerationFacts[]>;

  /** One generation; undefined when there is none of that id. */
  abstract find(id: string): Promise<GenerationFacts | undefined>;
}
