import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { loadConfig } from '@gpt4video/platform/config';
import { EXECUTION_FIELD } from '@gpt4video/platform/model-config';
import { TRACING_FIELDS } from '@gpt4video/platform/platform-config';
import { z } from 'zod';

/** Where the base models are kept: `GPT4VIDEO_MODEL_CACHE`, or the user's cache folder. */
export const modelCache = modelCacheFolder(process.env);

/** What the environment may say; the rest is said on the command line. */
export const standaloneSchema = z.object({ ...TRACING_FIELDS, ...EXECUTION_FIELD });

/** The configuration of this process. */
export const config = loadConfig('standalone', standaloneSchema);
