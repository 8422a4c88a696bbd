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

/** Why a consumer gives a fact up at once, although it may be tried again. */
export interface GivenUp {
  /** Stable code. */
  readonly code: string;
  /** For operators: what, which one, what to do; never content. */
  readonly reason: string;
}

/** Handles one fact. Must be idempotent: delivery is at least once. The signal fires when the work would be in vain. */
export type FactHandler = (fact: FactEnvelope, signal: AbortSignal) => Promise<Outcome | GivenUp>;

/** One consumer group on one topic. */
export interface Subscription {
  readonly topic: string;
  /** Consumer group; each group sees every fact. */
  readonly group: string;
  /** Most facts handled at once. */
  readonly concurrency?: number;
  readonly handler: FactHandler;
}

/**
 * Carries facts to whoever cares: at least once, in order per key within a topic. A fact that fails is tried again while the
 * next of its key wait; an adapter may then set it aside for a later attempt, and from there its order is given up.
 */
export abstract class EventBus {
  /** Name of the messaging system, as telemetry shows it: `kafka`, or `in_process`. */
  readonly system: string = 'in_process';

  /**
   * Resolves when the fact is safe: the broker has it, or (in process) every group has settled it. Throws `unavailable` when
   * that is unknown: the fact may have gone out, so publish it again under the same id.
   */
  abstract publish(fact: FactEnvelope): Promise<void>;

  /** Registers a consumer; called before `start`. */
  abstract subscribe(subscription: Subscription): void;

  /** Starts delivering. Does not wait for a broker: `check` tells whether facts flow. */
  abstract start(): Promise<void>;

  /** Stops taking facts, waits for those in hand (at most `graceMs`), and closes. */
  abstract stop(graceMs: number): Promise<void>;

  /** Facts that this process's groups have given up, newest first. */
  abstract deadLetters(limit: number): Promise<readonly DeadLetter[]>;

  /** Throws `unavailable`, saying what is missing, while facts do not flow. */
  check(): Promise<void> {
    return Promise.resolve();
  }
}

/** A fact that no attempt could handle. */
export interface DeadLetter {
  readonly fact: FactEnvelope;
  readonly group: string;
  readonly attempts: number;
  /** Stable code of the last error. */
  readonly code: string;
  /** Its message, for operators. */
  readonly reason: string;
}

/** What a bus tells of itself, for metrics and logs. This one keeps it all to itself. */
export class BusWatch {
  /** A publish ended after `seconds`; `safe` is false when it threw. */
  published(_topic: string, _seconds: number, _safe: boolean): void {}

  /** A fact was set aside for a later attempt. */
  setAside(_letter: DeadLetter): void {}

  /** A fact was given up. */
  deadLettered(_letter: DeadLetter): void {}

  /** Facts of a topic that a group has still to settle, as far as this process sees; the topic may be one of a later attempt. */
  lagged(_topic: string, _group: string, _facts: number): void {}

  /** A group's connection to the broker came (`undefined`) or went, and why. */
  connection(_group: string, _lostBecause: Error | undefined): void {}
}
