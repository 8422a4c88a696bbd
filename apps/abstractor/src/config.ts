import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { FACT_BUS_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { OBJECT_STORE_FIELDS, requireS3Keys } from '@gpt4video/platform/object-store-config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';

/** What the abstractor can be told. */
export const abstractorSchema = z.object({
  ...PLATFORM_FIELDS,
  bundleFolder: z.string().min(1).default('models/cartoon').describe('folder of the bundle'),
  modelCache: z.string().min(1).optional().describe('folder of the base models; the user\'s cache folder when absent'),
  ...OBJECT_STORE_FIELDS,
  ...FACT_BUS_FIELDS,
  threads: z.coerce.number().int().min(1).default(2).describe('threads of one operator of a model, from 1'),
  clipEncoderAddress: peerAddress('CLIP encoder', '127.0.0.1:50052'),
}).superRefine(requireS3Keys);

/** The configuration of this process. */
export const config = loadConfig('abstractor', abstractorSchema);
