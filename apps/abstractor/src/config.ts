import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { FACT_BUS_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { MODEL_FIELDS } from '@gpt4video/platform/model-config';
import { OBJECT_STORE_FIELDS, requireS3Keys } from '@gpt4video/platform/object-store-config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';

/** What the abstractor can be told. */
export const abstractorSchema = z.object({
  ...PLATFORM_FIELDS,
  ...MODEL_FIELDS,
  ...OBJECT_STORE_FIELDS,
  ...FACT_BUS_FIELDS,
  clipEncoderAddress: peerAddress('CLIP encoder', '127.0.0.1:50052'),
}).superRefine(requireS3Keys);

/** The configuration of this process. */
export const config = loadConfig('abstractor', abstractorSchema);
