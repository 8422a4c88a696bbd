// The part of values.schema.json that comes from the code: which fields of its configuration a service may be given.
import { z } from 'zod';
import { abstractorSchema } from '@gpt4video/abstractor/config';
import { clipEncoderSchema } from '@gpt4video/clip-encoder/config';
import { dialogueSchema } from '@gpt4video/dialogue/config';
import { frameExtractorSchema } from '@gpt4video/frame-extractor/config';
import { gatewaySchema } from '@gpt4video/gateway/config';
import { safetySchema } from '@gpt4video/safety/config';
import { videoGeneratorSchema } from '@gpt4video/video-generator/config';
import { PLATFORM_FIELDS } from '@gpt4video/platform/platform-config';

/** Configuration schemas of the services, by name. */
export const SERVICE_SCHEMAS = {
  gateway: gatewaySchema,
  'frame-extractor': frameExtractorSchema,
  'clip-encoder': clipEncoderSchema,
  abstractor: abstractorSchema,
  dialogue: dialogueSchema,
  safety: safetySchema,
  'video-generator': videoGeneratorSchema,
};

/** Fields that the chart fills from other values, by the beginning of their names. */
const CHART_OWNED = /^(httpHost|httpPort|bundleFolder|modelCache|pageDirectory|worker|provenance|object|s3|eventBus|kafka|database|executionProviders)|Address$/;

/** JSON Schema of `services.{name}.config`. Secrets are no part of it: they come by reference. */
export function configSchema(name) {
  const { shape } = SERVICE_SCHEMAS[name];
  const fields = Object.entries(shape).filter(([field, type]) => !(field in PLATFORM_FIELDS) && !CHART_OWNED.test(field) && type.meta()?.sensitive !== true);
  const properties = Object.fromEntries(fields.map(([field, type]) => [field, propertyOf(type)]));
  return { type: 'object', additionalProperties: false, properties };
}

function propertyOf(type) {
  const { $schema: _, default: fallback, ...rest } = z.toJSONSchema(type, { unrepresentable: 'any' });
  // Zod bounds every integer by what a double holds; that is no fact about the service.
  const bounded = Object.fromEntries(Object.entries(rest).filter(([key, value]) => !(key === 'maximum' && value === Number.MAX_SAFE_INTEGER)));
  return fallback === undefined ? bounded : { ...bounded, default: fallback };
}
