import { DomainError } from '@gpt4video/ports/errors';
import type { GgufFile } from './gguf.js';

const CONTROL = 3;
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/**
 * The tokenizer in the format of Hugging Face's `tokenizers`. GGUF names the splitting rule only ("smollm"); that rule takes
 * digits one by one before the byte-level split. Throws `artifact_corrupt` for another kind of tokenizer.
 */
export function tokenizerJson({ name, metadata }: GgufFile): string {
  for (const [key, expected] of [['tokenizer.ggml.model', 'gpt2'], ['tokenizer.ggml.pre', 'smollm']] as const) {
    const found = metadata.string(key);
    if (found !== expected) throw new DomainError('artifact_corrupt', `${name}, metadata ${key}: expected "${expected}", found "${found}". Choose a model with that tokenizer.`);
  }
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  const types = metadata.numbers('tokenizer.ggml.token_type');
  const control = tokens.map((content, id) => ({ id, content })).filter(({ id }) => types[id] === CONTROL);
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: control.map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, BYTE_LEVEL] },
    post_processor: null,
    decoder: BYTE_LEVEL,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: metadata.strings('tokenizer.ggml.merges'),
    },
  });
}
