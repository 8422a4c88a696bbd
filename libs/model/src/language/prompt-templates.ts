import type { BundleManifest } from '../bundle/bundle-schema.js';

const SYSTEM = 'You are GPT4Video, a helpful assistant that watches videos and makes videos.';

/** Prompt templates by name: how the families of base models were taught to tell turns apart. */
export const PROMPT_TEMPLATES = {
  /** `<|im_start|>role` … `<|im_end|>`: SmolLM2 and others. */
  chatml: { system: SYSTEM, turnOpen: '<|im_start|>{role}\n', turnClose: '<|im_end|>\n', videoOpen: '<video>', videoClose: '</video>', stop: ['<|im_end|>'] },
  /** mPLUG-Owl's and the published GPT4Video code's `Human:` and `AI:`; visual tokens stand in the text without tags. */
  'mplug-owl': {
    system: 'The following is a conversation between a curious human and AI assistant GPT4Video. GPT4Video generates video prompts at the most appropriate time and gives helpful, detailed, and polite answers to the user\'s questions.',
    turnOpen: '{role}: ',
    openings: { system: '<s>', user: 'Human: ', assistant: 'AI: ' },
    turnClose: '\n',
    videoOpen: '',
    videoClose: '',
    stop: ['</s>'],
  },
} as const satisfies Readonly<Record<string, BundleManifest['language']['template']>>;

/** A name in `PROMPT_TEMPLATES`. */
export type PromptTemplateName = keyof typeof PROMPT_TEMPLATES;
