import { z } from 'zod';

/** Every refusal and fault as clients read it. */
export const errorEnvelope = z
  .object({
    error: z.object({
      message: z.string().describe('For people: what, which one, and what to do'),
      type: z.enum(['invalid_request_error', 'authentication_error', 'rate_limit_error', 'server_error']),
      param: z.string().nullable().describe('Offending field, as `messages[0].content`'),
      code: z.string().describe('Stable; for programs'),
    }),
  })
  .meta({ id: 'Error' });
