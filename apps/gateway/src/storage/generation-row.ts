import type { Selectable } from 'kysely';
import type { Generation } from '../core/generations/generation.js';
import type { Schema } from './schema.js';

/** A row of `generations` as the domain knows it. */
export function toGeneration(row: Selectable<Schema['generations']>): Generation {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    model: row.model,
    status: row.status,
    progress: row.progress,
    priority: row.priority,
    film: row.film,
    attempt: row.attempt,
    traceparent: row.traceparent,
    ...(row.remixed_from === null ? {} : { remixedFrom: row.remixed_from }),
    createdAtMs: row.created_at.getTime(),
    ...(row.started_at === null ? {} : { startedAtMs: row.started_at.getTime() }),
    ...(row.ended_at === null ? {} : { endedAtMs: row.ended_at.getTime() }),
    ...(row.result === null ? {} : { result: row.result }),
    ...(row.error === null ? {} : { error: row.error }),
  };
}
