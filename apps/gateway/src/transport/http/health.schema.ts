import { z } from 'zod';

/** Whether the process lives or takes work. */
export const healthReport = z.object({ ok: z.boolean(), checks: z.record(z.string(), z.string()).describe('`ok`, or what is wrong, by component') }).meta({ id: 'HealthReport' });

const tensor = z.looseObject({ name: z.string() });
const execution = z.object({ provider: z.string(), fallback: z.string().optional().describe('Why it is not the provider that was named first') }).describe('What computes it');

/** Which models are loaded and warmed. */
export const modelReport = z
  .object({
    ok: z.boolean(),
    bundles: z.array(z.object({ name: z.string(), revision: z.string() })),
    models: z.array(z.object({ name: z.string(), revision: z.string(), inputs: z.array(tensor), outputs: z.array(tensor), execution, ready: z.boolean() })),
  })
  .meta({ id: 'ModelReport' });
