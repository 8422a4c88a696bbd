import { z } from 'zod';

/** A page of a list, as `id` names it in the description. */
export function listOf<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      object: z.literal('list'),
      data: z.array(item),
      first_id: z.string().nullable(),
      last_id: z.string().nullable(),
      has_more: z.boolean(),
    })
    .meta({ id });
}

/** Seconds since the epoch. */
export const seconds = z.int().describe('Seconds since the epoch');
