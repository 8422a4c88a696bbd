import type { Transaction } from 'kysely';
import type { Cause } from '../core/files/file-repository.js';
import type { Schema } from './schema.js';

/**
 * Records within the caller's transaction that this consumer has seen this fact.
 * Resolves false when it had before: then its effects are there already.
 */
export async function admitOnce(tx: Transaction<Schema>, { consumer, eventId }: Cause): Promise<boolean> {
  const inserted = await tx
    .insertInto('inbox')
    .values({ consumer, event_id: eventId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  return inserted !== undefined;
}
