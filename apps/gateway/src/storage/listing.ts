import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Page, PageRequest } from '../core/page.js';

/** The condition "behind the cursor" for a table ordered by `(created_at, id)`; true when there is no cursor. A cursor that names nothing of the tenant yields nothing. */
export function behindCursor(table: 'files' | 'generations', tenantId: string, { after, order }: PageRequest): RawBuilder<SqlBool> {
  if (after === undefined) return sql<SqlBool>`true`;
  const comparison = sql.raw(order === 'asc' ? '>' : '<');
  return sql<SqlBool>`(created_at, id) ${comparison} (select created_at, id from ${sql.table(table)} where id = ${after} and tenant_id = ${tenantId})`;
}

/** Cuts off the one row too many, which says that there are more. */
export function toPage<T>(rows: readonly T[], { limit }: PageRequest): Page<T> {
  return { entries: rows.slice(0, limit), hasMore: rows.length > limit };
}
