import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';

/** What the dialogue service can be told. */
export const dialogueSchema = z.object({
  ...PLATFORM_FIELDS,
  bundleFolder: z.string().min(1).default('models/cartoon').describe('folder of the bundle'),
  modelCache: z.string().min(1).optional().describe('folder of the base models; the user\'s cache folder when absent'),
  threads: z.coerce.number().int().min(1).default(2).describe('threads of one operator of a model, from 1'),
  abstractorAddress: peerAddress('abstractor', '127.0.0.1:50053'),
});

/** The configuration of this process. */
export const config = loadConfig('dialogue', dialogueSchema);
