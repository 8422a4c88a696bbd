import type { BundleManifest } from '../bundle/bundle-schema.js';

const SYSTEM = 'You are GPT4Video, a helpful assistant that watches videos and makes videos.';

/** Prompt templates by name: how the families of base models were taught to tell turns apart. */
export const PROMPT_TEMPLATES = {
  /** `<|im_start|>role` … `<|im_end|>`: SmolLM2 and others. */
  chatml: { system: SYSTEM, turnOpen: '<|im_start|>{role}\n', turnClose: '<|im_end|>\n', videoOpen: '<video>', videoClose: '</video>', stop: ['<|im_end|>'] },
} as const satisfies Readonly<Record<string, BundleManifest['language']['template']>>;

/** A name in `PROMPT_TEMPLATES`. */
export type PromptTemplateName = keyof typeof PROMPT_TEMPLATES;
