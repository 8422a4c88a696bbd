import { DomainError } from '@gpt4video/ports/errors';

/** A tokenizer in the format of Hugging Face's `tokenizers`, without a post-processor: the prompt template says where a text begins. */
export interface TokenizerFile {
  /** What messages call its source. */
  readonly source: string;
  readonly text: string;
  /** Ids that it knows, 0 to `tokens` − 1. */
  readonly tokens: number;
}

/** A token that is found in a text before it is split. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Special tokens are the template's; a person's words cannot write them. */
  readonly special: boolean;
}

/** Models round their tables up to a multiple of this, and by less than a block of it. */
const PADDING = 64;
const MOST_PADDING = 512;

/** Writes the parts of tokenizer.json that differ between families around those that do not. */
export function tokenizerFile(source: string, tokens: number, parts: { readonly added: readonly AddedToken[]; readonly normalizer: unknown; readonly pre: unknown; readonly decoder: unknown; readonly model: object }): TokenizerFile {
  const text = JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: parts.added.map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false, normalized: false })),
    normalizer: parts.normalizer,
    pre_tokenizer: parts.pre,
    post_processor: null,
    decoder: parts.decoder,
    model: { type: 'BPE', dropout: null, continuing_subword_prefix: null, end_of_word_suffix: null, ...parts.model },
  });
  return { source, text, tokens };
}

/** Throws `artifact_corrupt` unless the embedding table has a row for each token, and none but padding beyond. */
export function checkVocabulary({ source, tokens }: TokenizerFile, rows: number, model: string): void {
  const padded = rows > tokens && rows - tokens < MOST_PADDING && rows % PADDING === 0;
  if (rows === tokens || padded) return;
  throw new DomainError('artifact_corrupt', `${source}: expected ${rows} tokens, one for each row of the embeddings of ${model}, found ${tokens}. Give the model its own tokenizer.`);
}
