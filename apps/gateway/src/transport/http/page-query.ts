import { z } from 'zod';
import type { Page, PageRequest } from '../../core/page.js';

/** The query of every list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().min(1).optional(),
});

/** A query as the core reads it. */
export function toPageRequest({ limit, order, after }: z.output<typeof pageQuery>): PageRequest {
  return after === undefined ? { limit, order } : { limit, order, after };
}

/** A page as clients read it. */
export function toListObject<T, Item extends { readonly id: string }>({ entries, hasMore }: Page<T>, toItem: (entry: T) => Item) {
  const data = entries.map(toItem);
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: hasMore };
}
