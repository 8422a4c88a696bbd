import type { TextTokenizer } from '@gpt4video/ports/text-tokenizer';
import { DialogueLanguage } from './dialogue-language.js';
import type { DialogueSettings } from './dialogue-settings.js';

const twoIds: TextTokenizer = { encode: () => [1, 2], bytesOf: () => new Uint8Array() };

it('refuses a bundle whose stop string is no single token', () => {
  const settings = { template: { stop: ['<|end|>'] } } as unknown as DialogueSettings;
  expect(() => new DialogueLanguage(twoIds, twoIds, settings)).toThrow(expect.objectContaining({ code: 'model_unavailable', message: expect.stringContaining('<|end|>') }));
});
