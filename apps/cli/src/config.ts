import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';

/** Where the command keeps base models: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);
