import { randomInt } from 'node:crypto';
import { fromFactRecord, type ReceivedRecord } from '@gpt4video/contracts/cloudevents-kafka';
import type { Clock } from '@gpt4video/ports/clock';
import { isDomainError, toDomainError } from '@gpt4video/ports/errors';
import type { BusWatch, FactEnvelope, Subscription } from '@gpt4video/ports/event-bus';
import { KeyLane } from '../in-process/key-lane.js';
import { type Attempts, readAttempts, withAttempts } from './attempt-headers.js';
import type { FactProducer } from './fact-producer.js';
import { surrogateFact } from './surrogate-fact.js';

/** How often a fact is tried. Times in milliseconds. */
export interface AttemptPolicy {
  /** Attempts while the next fact of the key waits. */
  readonly inPlace: number;
  /** Wait before the second attempt in place; doubles up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Waits before each attempt of a fact that was set aside; after the last it is given up. */
  readonly laterMs: readonly number[];
}

/** A record in hand, with its place. */
export interface TakenRecord extends ReceivedRecord {
  readonly partition: number;
  readonly offset: bigint;
  /** How many processes died while they handled it. */
  readonly deaths: number;
  /** Resolves when it is written down for whoever comes after us that the record is being handled. */
  begin(): Promise<void>;
  /** It is not being handled any more. */
  end(): void;
}

/** When to let go of records in hand. */
export interface Leaving {
  /** Begin no further attempt: another process, or a later one, takes over. */
  readonly asked: AbortSignal;
  /** End the work in hand, its result would be in vain. */
  readonly forced: AbortSignal;
}

/** What the deliveries of one subscription share; the topics under their full names. */
export interface DeliveryParts {
  readonly subscription: Subscription;
  readonly retryTopic: string;
  readonly deadLetterTopic: string;
  readonly policy: AttemptPolicy;
  readonly producer: FactProducer;
  readonly clock: Clock;
  readonly watch: BusWatch;
}

interface Failure {
  readonly code: string;
  readonly reason: string;
  readonly final: boolean;
}

const MOVE_AGAIN_MS = 1_000;
/** Processes that may die of a record before it is set aside. The first may have been killed by anything. */
const DEATHS = 2;

/** Brings the records of one subscription to its handler, and those that fail to where they are tried later or kept. */
export class Delivery {
  private readonly lane: KeyLane;

  constructor(private readonly parts: DeliveryParts) {
    this.lane = new KeyLane(parts.subscription.concurrency ?? 1);
  }

  /** Resolves to true when the record is settled: handled, or safe in another topic; to false when it was left to whoever comes next. */
  deliver(record: TakenRecord, leaving: Leaving): Promise<boolean> {
    const key = `${record.topic}/${String(record.key ?? record.offset)}`;
    return this.lane.inOrder(key, () => this.settle(record, leaving).catch(() => false));
  }

  private async settle(record: TakenRecord, leaving: Leaving): Promise<boolean> {
    const { policy, clock } = this.parts;
    const before = readAttempts(record);
    const fact = this.read(record);
    if (isDomainError(fact)) return this.giveUp(record, { code: fact.code, reason: fact.message, final: true }, (before?.attempts ?? 0) + 1, leaving);
    await clock.sleep(Math.max(0, (before?.dueMs ?? 0) - clock.now()), leaving.asked);
    if (record.deaths >= (before === undefined ? DEATHS : 1)) return this.later(record, diedOf(record), (before?.attempts ?? 0) + record.deaths, leaving);
    const most = before === undefined ? policy.inPlace : 1;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.lane.inSlot(() => this.attempt(record, fact, leaving));
      if (failure === undefined) return true;
      // A fault while leaving says nothing about the fact.
      if (leaving.asked.aborted) return false;
      const attempts = (before?.attempts ?? 0) + attempt;
      if (failure.final) return this.giveUp(record, failure, attempts, leaving);
      if (attempt >= most) return this.later(record, failure, attempts, leaving);
      await clock.sleep(Math.min(policy.backoffMs * 2 ** (attempt - 1), policy.maxBackoffMs), leaving.asked);
    }
  }

  private read(record: TakenRecord) {
    try {
      return fromFactRecord(record);
    } catch (thrown) {
      return toDomainError(thrown);
    }
  }

  private async attempt(record: TakenRecord, fact: FactEnvelope, { asked, forced }: Leaving): Promise<Failure | undefined> {
    asked.throwIfAborted();
    await record.begin();
    asked.throwIfAborted();
    try {
      const outcome = await this.parts.subscription.handler(fact, forced);
      if (typeof outcome === 'object') return { ...outcome, final: true };
      if (outcome === 'done' || outcome === 'skipped') return undefined;
      return { code: outcome, reason: `The consumer answered "${outcome}".`, final: outcome === 'dead-letter' };
    } catch (thrown) {
      const { code, message } = toDomainError(thrown);
      return { code, reason: message, final: false };
    } finally {
      record.end();
    }
  }

  private async later(record: TakenRecord, failure: Failure, attempts: number, leaving: Leaving): Promise<boolean> {
    const round = readAttempts(record)?.round ?? 0;
    const listedMs = this.parts.policy.laterMs[round];
    if (listedMs === undefined) return this.giveUp(record, failure, attempts, leaving);
    // Records that a process died of, and those beside them, come again apart from each other.
    const waitMs = record.deaths === 0 ? listedMs : randomInt(Math.floor(listedMs / 2), Math.ceil(listedMs * 1.5) + 1);
    const moved = await this.move(this.parts.retryTopic, record, this.attemptsOf(record, failure, { attempts, round: round + 1, dueMs: this.parts.clock.now() + waitMs }), leaving);
    if (moved) this.parts.watch.setAside(this.letterOf(record, failure, attempts));
    return moved;
  }

  private async giveUp(record: TakenRecord, failure: Failure, attempts: number, leaving: Leaving): Promise<boolean> {
    const round = readAttempts(record)?.round ?? 0;
    const moved = await this.move(this.parts.deadLetterTopic, record, this.attemptsOf(record, failure, { attempts, round, dueMs: 0 }), leaving);
    if (moved) this.parts.watch.deadLettered(this.letterOf(record, failure, attempts));
    return moved;
  }

  private attemptsOf(record: TakenRecord, { code, reason }: Failure, counts: Pick<Attempts, 'attempts' | 'round' | 'dueMs'>): Attempts {
    const origin = readAttempts(record)?.origin ?? `${record.topic}/${record.partition}/${record.offset}`;
    return { ...counts, code, reason, origin, atMs: this.parts.clock.now() };
  }

  private letterOf(record: TakenRecord, { code, reason }: Failure, attempts: number) {
    return { fact: surrogateFact(record), group: this.parts.subscription.group, attempts, code, reason };
  }

  // Until the other topic has it, the record stays where it is: it must not be lost between the two.
  private async move(topic: string, record: TakenRecord, attempts: Attempts, { asked }: Leaving): Promise<boolean> {
    const headers = withAttempts(record, attempts);
    for (;;) {
      try {
        await this.parts.producer.send({ topic, key: record.key ?? null, value: record.value, headers });
        return true;
      } catch {
        await this.parts.clock.sleep(MOVE_AGAIN_MS, asked);
      }
    }
  }
}

function diedOf({ deaths }: TakenRecord): Failure {
  return { code: 'process_died', reason: `The process that handled it died, ${deaths} in a row.`, final: false };
}
