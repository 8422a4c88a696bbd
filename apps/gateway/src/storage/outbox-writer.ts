import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import type { DomainFact } from '../core/domain-fact.js';
import { newId } from '../core/new-id.js';
import type { Schema } from './schema.js';

/** A fact in its wire form. */
export interface EncodedFact {
  readonly key: string;
  readonly data: Uint8Array;
}

/** Gives facts their wire form. */
export abstract class FactEncoder {
  abstract encode(fact: DomainFact): EncodedFact;

  /** W3C trace context of the work at hand, or undefined outside of a trace. */
  abstract traceparent(): string | undefined;
}

/** Writes facts into the outbox within a caller's transaction, so that a change and its fact are one. */
@Injectable()
export class OutboxWriter {
  private readonly wakers = new Set<() => void>();

  constructor(private readonly encoder: FactEncoder) {}

  /** Adds the facts, to be published once the transaction commits. */
  async write(tx: Transaction<Schema>, facts: readonly DomainFact[]): Promise<void> {
    if (facts.length === 0) return;
    const traceparent = this.encoder.traceparent() ?? null;
    const rows = facts.map((fact) => {
      const { key, data } = this.encoder.encode(fact);
      return { id: newId('fact'), topic: fact.topic, key, traceparent, data: Buffer.from(data), published_at: null };
    });
    await tx.insertInto('outbox').values(rows).execute();
  }

  /** Tells the relays of this process that something was committed. */
  committed(): void {
    for (const wake of this.wakers) wake();
  }

  /** Calls back after each commit that held facts. */
  onCommitted(wake: () => void): void {
    this.wakers.add(wake);
  }
}
