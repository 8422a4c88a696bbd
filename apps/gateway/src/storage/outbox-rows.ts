import { Injectable } from '@nestjs/common';
import type { FactEnvelope } from '@gpt4video/ports/event-bus';
import { sql } from 'kysely';
import { GatewayDatabase } from './gateway-database.js';
import { OutboxWriter } from './outbox-writer.js';

/** A fact that this relay is to publish. */
export interface ClaimedFact {
  readonly sequence: string;
  readonly envelope: FactEnvelope;
  /** Attempts to publish it, this one included. */
  readonly attempts: number;
}

/** How far publishing is behind. */
export interface OutboxLag {
  readonly waiting: number;
  /** Milliseconds since the oldest unpublished fact was written; 0 when none waits. */
  readonly oldestMs: number;
}

/** Milliseconds that a claimed row is left alone; a relay that dies delays its rows by so much. */
const CLAIM_MS = 5_000;

interface OutboxRow {
  readonly sequence: string;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly traceparent: string | null;
  readonly data: Buffer;
  readonly created_at: Date;
  readonly attempts: number;
}

/** The outbox as relays see it. */
@Injectable()
export class OutboxRows {
  constructor(
    private readonly database: GatewayDatabase,
    private readonly writer: OutboxWriter,
  ) {}

  /** Claims the oldest unpublished facts, at most `limit`, and of each topic and key only the first. */
  async claim(limit: number): Promise<readonly ClaimedFact[]> {
    const { rows } = await sql<OutboxRow>`
      update outbox set claimed_until = ${claimEnd()}, attempts = attempts + 1
      where sequence in (
        select o.sequence from outbox o
        where o.published_at is null and o.quarantined_at is null and o.claimed_until < clock_timestamp()
          and not exists (
            select 1 from outbox earlier
            where earlier.published_at is null and earlier.quarantined_at is null and earlier.topic = o.topic and earlier.key = o.key and earlier.sequence < o.sequence
          )
        order by o.sequence limit ${limit} for update of o skip locked
      )
      returning sequence, id, topic, key, traceparent, data, created_at, attempts`.execute(this.database.kysely);
    return rows.toSorted((a, b) => Number(a.sequence) - Number(b.sequence)).map(toClaimed);
  }

  /** Keeps rows claimed while they are being published. */
  async renew(sequences: readonly string[]): Promise<void> {
    if (sequences.length === 0) return;
    await this.database.kysely.updateTable('outbox').set({ claimed_until: claimEnd() }).where('sequence', 'in', [...sequences]).where('published_at', 'is', null).execute();
  }

  /** Gives a row up for `ms` milliseconds; then any relay may claim it. */
  async postpone(sequence: string, ms: number): Promise<void> {
    await this.database.kysely.updateTable('outbox').set({ claimed_until: sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})` }).where('sequence', '=', sequence).execute();
  }

  /** Sets a row aside that no attempt can publish, so that others of its key go on. It stays for the operator to see, in the view `quarantine`. */
  async quarantine(sequence: string, reason: string): Promise<void> {
    await this.database.kysely.updateTable('outbox').set({ quarantined_at: sql<Date>`clock_timestamp()`, reason }).where('sequence', '=', sequence).execute();
  }

  async markPublished(sequence: string): Promise<void> {
    await this.database.kysely.updateTable('outbox').set({ published_at: sql<Date>`clock_timestamp()` }).where('sequence', '=', sequence).execute();
  }

  /** Removes what was published, and what consumers have noted, more than `ageMs` ago. */
  async prune(ageMs: number): Promise<void> {
    const before = sql<Date>`clock_timestamp() - make_interval(secs => ${ageMs / 1000})`;
    await this.database.kysely.deleteFrom('outbox').where('published_at', '<', before).execute();
    await this.database.kysely.deleteFrom('inbox').where('processed_at', '<', before).execute();
  }

  async lag(): Promise<OutboxLag> {
    const { rows } = await sql<{ waiting: string; oldest_ms: number | null }>`
      select count(*) as waiting, (extract(epoch from clock_timestamp() - min(created_at)) * 1000)::float8 as oldest_ms
      from outbox where published_at is null and quarantined_at is null`.execute(this.database.kysely);
    return { waiting: Number(rows[0]?.waiting ?? 0), oldestMs: Math.max(0, rows[0]?.oldest_ms ?? 0) };
  }

  /** Calls back when this process has committed facts. */
  onCommitted(wake: () => void): void {
    this.writer.onCommitted(wake);
  }
}

function claimEnd() {
  return sql<Date>`clock_timestamp() + make_interval(secs => ${CLAIM_MS / 1000})`;
}

function toClaimed(row: OutboxRow): ClaimedFact {
  const envelope = { id: row.id, topic: row.topic, key: row.key, source: 'gateway', timeMs: row.created_at.getTime(), data: new Uint8Array(row.data) };
  const { sequence, attempts } = row;
  return { sequence, attempts, envelope: row.traceparent === null ? envelope : { ...envelope, traceparent: row.traceparent } };
}
