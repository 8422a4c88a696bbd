import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { MODEL_FIELDS } from '@gpt4video/platform/model-config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';

/** What the dialogue service can be told. */
export const dialogueSchema = z.object({
  ...PLATFORM_FIELDS,
  ...MODEL_FIELDS,
  abstractorAddress: peerAddress('abstractor', '127.0.0.1:50053'),
});

/** The configuration of this process. */
export const config = loadConfig('dialogue', dialogueSchema);
