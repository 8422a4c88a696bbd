/** A fact on its way: CloudEvents attributes and protobuf data. */
export interface FactEnvelope {
  /** Unique per fact; derived from the causing fact where a stage emits it, so that a repeat has the same id. */
  readonly id: string;
  /** Topic and CloudEvents type, such as `video.uploaded`. */
  readonly topic: string;
  /** Facts with the same key keep their order. */
  readonly key: string;
  /** CloudEvents source: the app that says so. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** Encoded protobuf message. */
  readonly data: Uint8Array;
}

/** What a consumer made of a fact. `retry` and thrown errors are tried again a bounded number of times, then dead-lettered. */
export type Outcome = 'done' | 'skipped' | 'retry' | 'dead-letter';

/** Handles one fact. Must be idempotent: delivery is at least once. */
export type FactHandler = (fact: FactEnvelope, signal: AbortSignal) => Promise<Outcome>;

/** One consumer group on one topic. */
export interface Subscription {
  readonly topic: string;
  /** Consumer group; each group sees every fact. */
  readonly group: string;
  /** Most facts handled at once. */
  readonly concurrency?: number;
  readonly handler: FactHandler;
}

/** Carries facts to whoever cares: at least once, in order per key within a topic. */
export abstract class EventBus {
  /** Name of the messaging system, as telemetry shows it: `kafka`, or `in_process`. */
  readonly system: string = 'in_process';

  /** Resolves when the fact is safe: the broker has it, or (in process) every group has settled it. */
  abstract publish(fact: FactEnvelope): Promise<void>;

  /** Registers a consumer; called before `start`. */
  abstract subscribe(subscription: Subscription): void;

  /** Starts delivering. */
  abstract start(): Promise<void>;

  /** Stops taking facts, waits for those in hand (at most `graceMs`), and closes. */
  abstract stop(graceMs: number): Promise<void>;

  /** Facts that were given up, newest first. */
  abstract deadLetters(limit: number): Promise<readonly DeadLetter[]>;
}

/** A fact that no attempt could handle. */
export interface DeadLetter {
  readonly fact: FactEnvelope;
  readonly group: string;
  readonly attempts: number;
  /** Stable code of the last error. */
  readonly code: string;
}
