import { z } from 'zod';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { loadConfig } from '@gpt4video/platform/config';
import { KAFKA_FIELDS } from '@gpt4video/platform/fact-bus-config';
import { OBJECT_STORE_FIELDS, type S3Location } from '@gpt4video/platform/object-store-config';

/** Where the command keeps base models: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);

/** Where the client commands go when the command line does not say: `GPT4VIDEO_URL` and `GPT4VIDEO_API_KEY`. */
export const clientDefaults: { readonly url: string; readonly key: string | undefined } = { url: process.env['GPT4VIDEO_URL'] ?? 'http://127.0.0.1:8080', key: process.env['GPT4VIDEO_API_KEY'] };

const kafkaSchema = z.object(KAFKA_FIELDS);

/** How the command reaches Kafka: the same variables as the services. Throws a ConfigError. */
export function kafkaConfig(): Readonly<z.output<typeof kafkaSchema>> {
  return loadConfig('gpt4video facts', kafkaSchema);
}

const { s3Endpoint, s3Region, s3PathStyle } = OBJECT_STORE_FIELDS;

/** The variables of the bucket of models, as the chart sets them. */
export const modelStoreSchema = z.object({
  s3Endpoint,
  s3Region,
  s3PathStyle,
  s3AccessKey: z.string().min(1).describe('access key of the S3 server').meta({ sensitive: true }),
  s3SecretKey: z.string().min(1).describe('secret key of the S3 server').meta({ sensitive: true }),
  modelsBucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).default('gpt4video-models').describe('bucket of published bundles, another than that of the artifacts'),
});

/** Where published bundles are. Throws a ConfigError. */
export function modelStore(): S3Location {
  const config = loadConfig('gpt4video models', modelStoreSchema);
  return { endpoint: config.s3Endpoint, region: config.s3Region, bucket: config.modelsBucket, accessKey: config.s3AccessKey, secretKey: config.s3SecretKey, pathStyle: config.s3PathStyle };
}
