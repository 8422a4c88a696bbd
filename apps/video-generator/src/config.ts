import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { FACT_BUS_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { MODEL_FIELDS } from '@gpt4video/platform/model-config';
import { OBJECT_STORE_FIELDS, requireS3Keys } from '@gpt4video/platform/object-store-config';
import { peerAddress, PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';
import { PROVENANCE_FIELDS } from '@gpt4video/platform/provenance-config';

/** What the film worker can be told. */
export const videoGeneratorSchema = z.object({
  ...PLATFORM_FIELDS,
  ...MODEL_FIELDS,
  ...OBJECT_STORE_FIELDS,
  ...FACT_BUS_FIELDS,
  generationQueueAddress: peerAddress('owner of the generation queue', '127.0.0.1:50050'),
  safetyAddress: peerAddress('safety service', '127.0.0.1:50055'),
  ...PROVENANCE_FIELDS,
  provenanceKey: z.string().startsWith('-----BEGIN').optional().describe('PEM text: the PKCS#8 key of the signing certificate').meta({ sensitive: true }),
  worker: z.string().min(1).default('video-generator').describe('name of this worker, for people'),
  heartbeatMs: z.coerce.number().int().min(100).default(2_000).describe('milliseconds between heartbeats, well below the length of a lease'),
  pollMs: z.coerce.number().int().min(100).default(2_000).describe('milliseconds between asks of an empty queue, on average'),
  releaseMs: z.coerce.number().int().min(100).default(5_000).describe('milliseconds after which handing a generation back at shutdown is given up'),
}).superRefine(requireS3Keys);

/** The configuration of this process. */
export const config = loadConfig('video-generator', videoGeneratorSchema);
