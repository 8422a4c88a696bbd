import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError, toDomainError } from '@gpt4video/ports/errors';
import { BusWatch, type DeadLetter, EventBus, type FactEnvelope, type GivenUp, type Subscription } from '@gpt4video/ports/event-bus';
import { Cascade } from './cascade.js';
import { KeyLane } from './key-lane.js';

/** How deliveries are tried again, and what is kept. Times in milliseconds. */
export interface InProcessEventBusOptions {
  readonly clock: Clock;
  /** Attempts in all, the first included. */
  readonly maxAttempts?: number;
  /** Wait before the second attempt; doubles up to `maxBackoffMs`. */
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Facts in hand at once; past it `publish` throws `overloaded`. */
  readonly maxPending?: number;
  readonly maxDeadLetters?: number;
  /** Told of dead letters. */
  readonly watch?: BusWatch;
}

const DEFAULTS = { maxAttempts: 5, backoffMs: 200, maxBackoffMs: 10_000, maxPending: 10_000, maxDeadLetters: 1000, watch: new BusWatch() };

/**
 * Facts within one process. It keeps nothing on disk: `publish` resolves once every group has settled the fact and the facts
 * that followed from it, so an outbox row that is marked afterwards is what makes delivery durable.
 * A publish from within a handler is accepted at once and counted to the fact in hand; waiting there could only deadlock.
 */
export class InProcessEventBus extends EventBus {
  private readonly options: Required<InProcessEventBusOptions>;
  private readonly groups = new Map<string, { subscription: Subscription; lane: KeyLane }[]>();
  private readonly inHand = new Set<Promise<void>>();
  private readonly letters: DeadLetter[] = [];
  private readonly cascades = new AsyncLocalStorage<Cascade>();
  private readonly stopping = new AbortController();
  private state: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: InProcessEventBusOptions) {
    super();
    this.options = { ...DEFAULTS, ...options };
  }

  override subscribe(subscription: Subscription): void {
    if (this.state !== 'new') throw new DomainError('internal', `Subscribe ${subscription.group} to ${subscription.topic} before the bus starts.`);
    const groups = this.groups.get(subscription.topic) ?? [];
    if (groups.some((each) => each.subscription.group === subscription.group)) {
      throw new DomainError('internal', `The group ${subscription.group} already consumes ${subscription.topic}; give the second consumer a group of its own.`);
    }
    groups.push({ subscription, lane: new KeyLane(subscription.concurrency ?? 1) });
    this.groups.set(subscription.topic, groups);
  }

  override start(): Promise<void> {
    if (this.state === 'new') this.state = 'running';
    return Promise.resolve();
  }

  override async publish(fact: FactEnvelope): Promise<void> {
    if (this.state !== 'running') throw unavailable();
    if (this.inHand.size >= this.options.maxPending) throw new DomainError('overloaded', 'Too many facts wait for delivery; try again later.', { retryAfterMs: 1000 });
    const outer = this.cascades.getStore();
    const cascade = outer?.open === true ? outer : new Cascade();
    cascade.add((this.groups.get(fact.topic) ?? []).map(({ subscription, lane }) => this.deliver(fact, subscription, lane, cascade)));
    if (cascade !== outer) await cascade.settled;
  }

  override async stop(graceMs: number): Promise<void> {
    if (this.state === 'stopped') return;
    this.state = 'stopped';
    const timer = new AbortController();
    const grace = this.options.clock.sleep(graceMs, timer.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.inHand), grace]);
    timer.abort();
    this.stopping.abort();
    // A handler that ignores its signal must not hold the process.
    if (this.inHand.size > 0) await Promise.race([Promise.allSettled(this.inHand), new Promise((resolve) => setTimeout(resolve, 100))]);
  }

  override deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    return Promise.resolve(this.letters.slice(-limit).reverse());
  }

  private deliver(fact: FactEnvelope, subscription: Subscription, lane: KeyLane, cascade: Cascade): Promise<void> {
    const delivery = lane.inOrder(fact.key, () => this.cascades.run(cascade, () => this.settle(fact, subscription, lane)));
    this.inHand.add(delivery);
    const forget = (): void => void this.inHand.delete(delivery);
    delivery.then(forget, forget);
    return delivery;
  }

  private async settle(fact: FactEnvelope, subscription: Subscription, lane: KeyLane): Promise<void> {
    const { maxAttempts, backoffMs, maxBackoffMs, clock } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const verdict = await lane.inSlot(() => this.attempt(fact, subscription));
      if (verdict === undefined) return;
      // A fault while stopping says nothing about the fact: it must come again.
      if (this.state === 'stopped') throw unavailable();
      if (verdict.final || attempt >= maxAttempts) return this.giveUp({ fact, group: subscription.group, attempts: attempt, code: verdict.code, reason: verdict.reason });
      await clock.sleep(Math.min(backoffMs * 2 ** (attempt - 1), maxBackoffMs), this.stopping.signal).catch(() => Promise.reject(unavailable()));
    }
  }

  private async attempt(fact: FactEnvelope, { handler }: Subscription): Promise<(GivenUp & { readonly final: boolean }) | undefined> {
    if (this.stopping.signal.aborted) return { code: 'unavailable', reason: 'The event bus has stopped.', final: false };
    try {
      const outcome = await handler(fact, this.stopping.signal);
      if (outcome === 'done' || outcome === 'skipped') return undefined;
      if (typeof outcome === 'object') return { ...outcome, final: true };
      return { code: outcome, reason: `The consumer answered "${outcome}".`, final: outcome === 'dead-letter' };
    } catch (error) {
      const { code, message } = toDomainError(error);
      return { code, reason: message, final: false };
    }
  }

  private giveUp(letter: DeadLetter): void {
    this.letters.push(letter);
    if (this.letters.length > this.options.maxDeadLetters) this.letters.shift();
    this.options.watch.deadLettered(letter);
  }
}

const unavailable = (): DomainError => new DomainError('unavailable', 'The event bus is not running; the fact stays in the outbox and is sent again.', { retryAfterMs: 1000 });
