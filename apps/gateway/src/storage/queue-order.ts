import { type Transaction, sql } from 'kysely';
import type { Schema } from './schema.js';

/**
 * Locks the generation that is next and returns its id: highest priority first, then the tenant with the fewest running,
 * then the oldest by the database's clock. A generation whose lease ran out waits like a queued one. Rows that another claim has locked are passed over.
 */
export async function nextToClaim(tx: Transaction<Schema>, maxAttempts: number): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with running as (
      select tenant_id, count(*) as films from generations
      where status = 'in_progress' and lease_expires_at >= clock_timestamp()
      group by tenant_id
    )
    select g.id from generations g left join running r on r.tenant_id = g.tenant_id
    where (g.status = 'queued' and g.not_before <= clock_timestamp())
       or (g.status = 'in_progress' and g.lease_expires_at < clock_timestamp() and g.attempt < ${maxAttempts})
    order by g.priority desc, coalesce(r.films, 0), g.enqueued_at, g.created_at, g.id
    limit 1
    for update of g skip locked`.execute(tx);
  return rows[0]?.id;
}

/** Milliseconds to wait after a failed attempt: 1 s, 2 s, 4 s, … */
export function retryDelayMs(attempt: number): number {
  return 1000 * 2 ** (attempt - 1);
}
