import type { KafkaMessage } from 'kafkajs';
import type { Delivery, Leaving } from './delivery.js';
import { OffsetLedger } from './offset-ledger.js';

/** A partition of a topic under its full name. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** What a partition tells its consumer. */
export interface PartitionEvents {
  /** More may be committed than before. */
  onSettled(): void;
  /** Too much is in hand, or there is room again. */
  onFull(full: boolean): void;
}

/** The records of one assigned partition that are in hand: bounded, and settled in any order. */
export class PartitionWork {
  private readonly ledger = new OffsetLedger();
  private readonly asked = new AbortController();
  private readonly forced = new AbortController();
  private readonly inHand = new Set<Promise<void>>();
  private readonly leaving: Leaving = { asked: this.asked.signal, forced: this.forced.signal };
  private end = 0n;
  private full = false;

  constructor(
    readonly place: Place,
    private readonly delivery: Delivery,
    /** Most records in hand. */
    private readonly most: number,
    private readonly events: PartitionEvents,
  ) {}

  /** The offset that may be committed; undefined before the first record. */
  get settledBelow(): bigint | undefined {
    return this.ledger.settledBelow;
  }

  /** Records up to the end of the partition, as far as it was seen, that are not settled. */
  get lag(): number {
    return Number(this.end - (this.ledger.settledBelow ?? this.end));
  }

  /** Takes what there is room for; returns the last offset taken or known already, if any. The rest is to be fetched again. */
  take(messages: readonly KafkaMessage[], end: bigint): bigint | undefined {
    this.end = end;
    let last: bigint | undefined;
    for (const message of messages) {
      if (this.asked.signal.aborted || this.ledger.inHand >= this.most) break;
      last = BigInt(message.offset);
      if (this.ledger.take(last)) this.begin(message, last);
    }
    if (this.ledger.inHand >= this.most) this.mark(true);
    return last;
  }

  /** Begins nothing more, and waits for what is in hand as long as `until` allows; then its work is aborted. */
  async leave(until: Promise<void>): Promise<void> {
    this.asked.abort();
    await Promise.race([Promise.all(this.inHand), until]);
    this.lose();
  }

  /** Another consumer has the partition: nothing more begins, and what is in hand is aborted. */
  lose(): void {
    this.asked.abort();
    this.forced.abort();
  }

  private begin({ key, value, headers }: KafkaMessage, offset: bigint): void {
    const work = this.delivery.deliver({ ...this.place, key, value, headers, offset }, this.leaving).then((settled) => {
      this.inHand.delete(work);
      if (!settled) return;
      this.ledger.settle(offset);
      this.events.onSettled();
      if (this.ledger.inHand <= this.most / 2) this.mark(false);
    });
    this.inHand.add(work);
  }

  private mark(full: boolean): void {
    if (this.full === full) return;
    this.full = full;
    this.events.onFull(full);
  }
}
