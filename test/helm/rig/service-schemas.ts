import { abstractorSchema } from '@gpt4video/abstractor/config';
import { clipEncoderSchema } from '@gpt4video/clip-encoder/config';
import { dialogueSchema } from '@gpt4video/dialogue/config';
import { frameExtractorSchema } from '@gpt4video/frame-extractor/config';
import { gatewaySchema } from '@gpt4video/gateway/config';
import type { ConfigSchema } from '@gpt4video/platform/config';
import { safetySchema } from '@gpt4video/safety/config';
import { videoGeneratorSchema } from '@gpt4video/video-generator/config';

// The services and the schema that each reads its environment with.
const SERVICE_SCHEMAS: Readonly<Record<string, ConfigSchema>> = {
  gateway: gatewaySchema,
  'frame-extractor': frameExtractorSchema,
  'clip-encoder': clipEncoderSchema,
  abstractor: abstractorSchema,
  dialogue: dialogueSchema,
  safety: safetySchema,
  'video-generator': videoGeneratorSchema,
};

/** Names of the services. */
export const SERVICES = Object.keys(SERVICE_SCHEMAS);

/** The schema of a service. */
export function schemaOf(name: string): ConfigSchema {
  const schema = SERVICE_SCHEMAS[name];
  if (schema === undefined) throw new Error(`there is no service "${name}"`);
  return schema;
}
