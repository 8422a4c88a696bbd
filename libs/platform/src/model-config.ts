import { EXECUTION_PROVIDERS } from '@gpt4video/ports/execution';
import { z } from 'zod';

/** The fields of whatever reads the bundle; spread them into a schema. */
export const BUNDLE_FIELDS = {
  bundleFolder: z.string().min(1).default('models/cartoon').describe('folder of the bundle'),
  modelCache: z.string().min(1).optional().describe("folder of the base models; the user's cache folder when absent"),
};

const provider = z.enum(EXECUTION_PROVIDERS, { error: ({ input }) => `there is no provider "${String(input)}"` });

/** What may compute the models, best first. The next one is taken only where it is named, and shown as a fallback. */
export const EXECUTION_FIELD = {
  executionProviders: z.string().default('cpu').transform((text) => text.split(',').map((name) => name.trim())).pipe(z.array(provider)).describe('what computes the models: cpu; cuda, which refuses to start where CUDA cannot be had; or cuda,cpu, which then runs on the processor and says so'),
};

/** The fields of whatever computes models. */
export const MODEL_FIELDS = {
  ...BUNDLE_FIELDS,
  threads: z.coerce.number().int().min(1).default(2).describe('threads of one operator of a model, from 1'),
  ...EXECUTION_FIELD,
};
