import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';

/** Where the command keeps base models: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);

/** Where the client commands go when the command line does not say: `GPT4VIDEO_URL` and `GPT4VIDEO_API_KEY`. */
export const clientDefaults: { readonly url: string; readonly key: string | undefined } = { url: process.env['GPT4VIDEO_URL'] ?? 'http://127.0.0.1:8080', key: process.env['GPT4VIDEO_API_KEY'] };
