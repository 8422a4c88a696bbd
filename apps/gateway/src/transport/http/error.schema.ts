import { z } from 'zod';

/** What declined something, without the content. */
export const verdictObject = z
  .object({
    category: z.string().nullable(),
    score: z.number(),
    threshold: z.number().describe('Lowest refused score'),
    stage: z.enum(['input', 'output', 'caption', 'film']).describe('Where the content stood'),
    policy_version: z.string().describe('With `+tenant` where thresholds of the tenant’s own decided'),
  })
  .meta({ id: 'Verdict' });

/** Every refusal and fault as clients read it. */
export const errorEnvelope = z
  .object({
    error: z.object({
      message: z.string().describe('For people: what, which one, and what to do'),
      type: z.enum(['invalid_request_error', 'authentication_error', 'rate_limit_error', 'server_error']),
      param: z.string().nullable().describe('Offending field, as `messages[0].content`'),
      code: z.string().describe('Stable; for programs'),
      verdict: verdictObject.optional().describe('Extension, with `moderation_blocked.input`: what declined'),
    }),
  })
  .meta({ id: 'Error' });
