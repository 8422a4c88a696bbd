import { type Selectable, type Transaction, type UpdateObject, sql } from 'kysely';
import type { DomainFact } from '../core/domain-fact.js';
import type { GenerationError, GenerationEvent } from '../core/generations/generation.js';
import type { Schema } from './schema.js';

type Row = Selectable<Schema['generations']>;

/** A change of a generation that its readers hear of. */
export interface GenerationChange {
  readonly event: GenerationEvent['type'];
  readonly set: UpdateObject<Schema, 'generations'>;
}

/** The lease, let go. */
export const NO_LEASE = { lease_token: null, lease_expires_at: null } as const;

/** Writes the change and its event; the row must be locked by the transaction. */
export async function changeGeneration(tx: Transaction<Schema>, id: string, { event, set }: GenerationChange): Promise<Row> {
  const row = await tx
    .updateTable('generations')
    .set({ ...set, event_sequence: sql<number>`event_sequence + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx.insertInto('generation_events').values({ generation_id: id, sequence: row.event_sequence, type: event, progress: row.progress }).execute();
  return row;
}

/** The change into `failed`. */
export function intoFailed(error: GenerationError): GenerationChange {
  return { event: 'failed', set: { ...NO_LEASE, status: 'failed', error: JSON.stringify(error), ended_at: sql<Date>`clock_timestamp()` } };
}

/** The change into `cancelled`. */
export function intoCancelled(): GenerationChange {
  const error: GenerationError = { code: 'cancelled', message: 'The video was cancelled; ask again to make it.', retryable: true, category: '' };
  return { event: 'cancelled', set: { ...NO_LEASE, status: 'cancelled', error: JSON.stringify(error), ended_at: sql<Date>`clock_timestamp()` } };
}

/** The change back into `queued`, to be claimed no sooner than after `delayMs`. */
export function intoQueued(delayMs: number, attempt: number): GenerationChange {
  return { event: 'queued', set: { ...NO_LEASE, status: 'queued', attempt, not_before: sql<Date>`clock_timestamp() + make_interval(secs => ${delayMs / 1000})` } };
}

/** The fact that a generation ended. */
export function finishedFact(row: Row): DomainFact {
  if (row.status === 'queued' || row.status === 'in_progress') throw new Error(`generation ${row.id} has not ended`);
  return { topic: 'generation.finished', generationId: row.id, status: row.status, code: row.error?.code ?? '' };
}
