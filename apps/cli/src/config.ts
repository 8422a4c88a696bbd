import { z } from 'zod';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { loadConfig } from '@gpt4video/platform/config';
import { KAFKA_FIELDS } from '@gpt4video/platform/fact-bus-config';

/** Where the command keeps base models: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);

/** Where the client commands go when the command line does not say: `GPT4VIDEO_URL` and `GPT4VIDEO_API_KEY`. */
export const clientDefaults: { readonly url: string; readonly key: string | undefined } = { url: process.env['GPT4VIDEO_URL'] ?? 'http://127.0.0.1:8080', key: process.env['GPT4VIDEO_API_KEY'] };

const kafkaSchema = z.object(KAFKA_FIELDS);

/** How the command reaches Kafka: the same variables as the services. Throws a ConfigError. */
export function kafkaConfig(): Readonly<z.output<typeof kafkaSchema>> {
  return loadConfig('gpt4video facts', kafkaSchema);
}
