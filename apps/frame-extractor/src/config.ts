import { z } from 'zod';
import { loadConfig } from '@gpt4video/platform/config';
import { FACT_BUS_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { BUNDLE_FIELDS } from '@gpt4video/platform/model-config';
import { OBJECT_STORE_FIELDS, requireS3Keys } from '@gpt4video/platform/object-store-config';
import { PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';
import { PROVENANCE_FIELDS } from '@gpt4video/platform/provenance-config';

/** What the frame extractor can be told. */
export const frameExtractorSchema = z.object({
  ...PLATFORM_FIELDS,
  ...BUNDLE_FIELDS,
  ...OBJECT_STORE_FIELDS,
  ...FACT_BUS_FIELDS,
  ...PROVENANCE_FIELDS,
  maxDurationMs: z.coerce.number().int().min(1).default(600_000).describe('longest video that is decoded, milliseconds'),
  maxPixels: z.coerce.number().int().min(1).default(4096 * 2304).describe('most pixels of a frame'),
  maxWorkMs: z.coerce.number().int().min(1).default(30_000).describe('milliseconds after which a decode is given up'),
}).superRefine(requireS3Keys);

/** The configuration of this process. */
export const config = loadConfig('frame-extractor', frameExtractorSchema);
