import { z } from 'zod';

const known = (text: string) => z.number().nullable().describe(`${text}; null where it is not known`);
const moment = z.number().nullable().describe('Milliseconds since the epoch');

const stage = z.object({
  name: z.string().describe('Service of the stage; `outbox` and `webhooks` for what the gateway sends out'),
  waiting: known('Pieces of work that wait'),
  oldest_ms: known('Milliseconds that the oldest has waited'),
  in_hand: known('Pieces of work in hand'),
  per_minute: known('Done in a minute, over the last five'),
});

const generation = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled']),
    model: z.string(),
    bundle_revision: z.string().nullable(),
    attempts: z.int(),
    worker: z.string().nullable(),
    error_code: z.string().nullable(),
    created_at_ms: z.number(),
    started_at_ms: moment,
    ended_at_ms: moment,
    trace_id: z.string().nullable(),
  })
  .meta({ id: 'GenerationFacts' });

/** What operators see at a glance. */
export const overview = z
  .object({
    object: z.literal('overview'),
    at_ms: z.number(),
    stages: z.array(stage),
    models: z.array(z.object({ id: z.string(), revision: z.string(), parts: z.record(z.string(), z.number()).describe('Bytes of each part') })),
    loaded: z.array(z.object({ name: z.string(), revision: z.string(), ready: z.boolean() })).describe('Models of the answering process; none where the stages are processes of their own'),
    generations: z.array(generation).describe('The last that were asked for, without what they show'),
  })
  .meta({ id: 'Overview' });

/** One request, piece by piece. */
export const generationTrace = z
  .object({
    object: z.literal('generation.trace'),
    id: z.string(),
    trace_id: z.string().nullable(),
    source: z.enum(['spans', 'row']).describe('spans: of the answering process; row: what the database has, where other processes did the work or it is long ago'),
    spans: z.array(z.object({ name: z.string(), service: z.string(), depth: z.int(), start_ms: z.number(), duration_ms: z.number(), failed: z.boolean() })).describe('The longest pieces, each under the one that it belongs to'),
  })
  .meta({ id: 'GenerationTrace' });
