import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { type ErrorCode, toDomainError } from '@gpt4video/ports/errors';
import { EventBus, type FactEnvelope } from '@gpt4video/ports/event-bus';
import { Logger } from '@gpt4video/platform/logging';
import { Metrics } from '@gpt4video/platform/metrics';
import { sendFact } from '@gpt4video/platform/send-fact';
import { GATEWAY_METRICS } from '../metrics.js';
import { type ClaimedFact, OutboxRows } from './outbox-rows.js';

/** Most facts on their way at once. */
const CONCURRENCY = 16;
/** Milliseconds between looks when nothing wakes the relay. */
const POLL_MS = 500;
/** Milliseconds before a fact that the bus refused is tried again. */
const RETRY_MS = 1_000;
/** Attempts after which a fact is set aside, when it is the fact that the bus refuses. */
const MAX_ATTEMPTS = 10;
/** The fact is not at fault: it waits for as long as it takes. */
const BUS_AWAY: ReadonlySet<ErrorCode> = new Set(['unavailable', 'overloaded', 'storage_full', 'deadline_exceeded', 'cancelled']);

/**
 * Carries committed facts to the bus: at least once, in order per topic and key, without a leader. Any number of relays
 * may run; each claims rows that no other holds, publishes several at once, and marks what the bus has.
 */
@Injectable()
export class OutboxRelay {
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly instruments;
  private stopping = new AbortController();
  private wakeUp: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly rows: OutboxRows,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.instruments = metrics.use(GATEWAY_METRICS);
  }

  /** Starts to carry. */
  start(): void {
    this.stopping = new AbortController();
    this.rows.onCommitted(() => this.wakeUp());
    this.loop = this.run(this.stopping.signal);
  }

  /** Takes no more and waits for what is in hand; a fact cut off is published again by the next relay. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    this.wakeUp();
    await this.loop;
    const grace = new AbortController();
    await Promise.race([Promise.allSettled(this.inHand.values()), this.clock.sleep(graceMs, grace.signal).catch(() => undefined)]);
    grace.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = this.nextWake(signal);
      const claimed = await this.take();
      // A full batch says that more may wait; so does the end of a fact that held back the next of its key.
      if (claimed === 0) await woken;
    }
  }

  private async take(): Promise<number> {
    try {
      await this.rows.renew([...this.inHand.keys()]);
      const room = CONCURRENCY - this.inHand.size;
      const facts = room > 0 ? await this.rows.claim(room) : [];
      for (const fact of facts) this.carry(fact);
      return facts.length;
    } catch (error) {
      this.logger.warn('The outbox could not be read; it is tried again.', { err: error });
      return 0;
    }
  }

  private carry(fact: ClaimedFact): void {
    const done = this.publish(fact).finally(() => {
      this.inHand.delete(fact.sequence);
      this.wakeUp();
    });
    this.inHand.set(fact.sequence, done);
  }

  private async publish(fact: ClaimedFact): Promise<void> {
    const { sequence, envelope } = fact;
    try {
      await sendFact(this.bus, envelope, envelope.source);
      await this.rows.markPublished(sequence);
      this.count(envelope, 'published');
    } catch (error) {
      await this.putOff(fact, error);
    }
  }

  private async putOff({ sequence, envelope, attempts }: ClaimedFact, error: unknown): Promise<void> {
    const { code, message } = toDomainError(error);
    const poisoned = !BUS_AWAY.has(code) && attempts >= MAX_ATTEMPTS;
    const reason = `${code}: ${error instanceof Error ? error.message : message}`;
    await (poisoned ? this.rows.quarantine(sequence, reason) : this.rows.postpone(sequence, RETRY_MS)).catch(() => undefined);
    const fields = { err: error, topic: envelope.topic, fact_id: envelope.id };
    if (poisoned) this.logger.error('A fact was set aside, because no attempt could publish it; see the view "quarantine".', fields);
    else this.logger.warn('A fact could not be published; it is tried again.', fields);
    this.count(envelope, poisoned ? 'quarantined' : 'failed');
  }

  private count({ topic }: FactEnvelope, outcome: string): void {
    this.instruments.outboxPublishedTotal.inc({ topic, outcome });
  }

  private async nextWake(signal: AbortSignal): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.wakeUp = resolve;
    });
    await Promise.race([woken, this.clock.sleep(POLL_MS, signal).catch(() => undefined)]);
  }
}
