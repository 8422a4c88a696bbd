import type { KafkaMessage } from 'kafkajs';
import type { Delivery, Leaving, TakenRecord } from './delivery.js';
import { OffsetLedger } from './offset-ledger.js';

/** A partition of a topic under its full name. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** What a partition needs of its consumer, and tells it. */
export interface PartitionEvents {
  /** Deaths by offset, as the processes before us left them. */
  readonly deaths: Promise<ReadonlyMap<bigint, number>>;
  /** Resolves when it is committed which records are being handled. */
  onBegun(): Promise<void>;
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
  private readonly handled = new Map<bigint, number>();
  private end = 0n;
  private full = false;
  private known: ReadonlyMap<bigint, number> | undefined;

  constructor(
    readonly place: Place,
    private readonly delivery: Delivery,
    /** Most records in hand. */
    private readonly most: number,
    private readonly events: PartitionEvents,
  ) {
    void events.deaths.then((deaths) => (this.known = deaths));
  }

  /** False while what was committed before us is not read yet, and must not be overwritten. */
  get mayCommit(): boolean {
    return this.known !== undefined;
  }

  /** The records that are being handled: offset → deaths before. */
  get begun(): ReadonlyMap<bigint, number> {
    return this.handled;
  }

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
    this.handled.clear();
  }

  /** Another consumer has the partition: nothing more begins, and what is in hand is aborted. */
  lose(): void {
    this.asked.abort();
    this.forced.abort();
  }

  private begin({ key, value, headers }: KafkaMessage, offset: bigint): void {
    const record = (deaths: number): TakenRecord => ({
      ...this.place,
      ...{ key, value, headers, offset, deaths },
      begin: () => (this.handled.set(offset, deaths), this.events.onBegun()),
      end: () => void this.handled.delete(offset),
    });
    const delivered = this.events.deaths.then((deaths) => this.delivery.deliver(record(deaths.get(offset) ?? 0), this.leaving));
    const work = delivered.then((settled) => {
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
