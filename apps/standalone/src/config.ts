import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';

/** Where the base models are kept: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);
