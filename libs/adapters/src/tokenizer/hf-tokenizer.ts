import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { DomainError } from '@gpt4video/ports/errors';
import { TextTokenizer } from '@gpt4video/ports/text-tokenizer';
import { digitsAsSplit } from './digits-as-split.js';
import { tokenBytes } from './token-bytes.js';
import type { TokenBytes } from './token-bytes.js';

/** A tokenizer.json of Hugging Face's `tokenizers`. */
export class HfTokenizer extends TextTokenizer {
  readonly #specials: ReadonlyMap<string, number>;
  readonly #specialIds: ReadonlySet<number>;
  readonly #split: RegExp | undefined;

  private constructor(
    private readonly tokenizer: Tokenizer,
    specials: readonly AddedToken[],
    private readonly bytes: TokenBytes,
  ) {
    super();
    this.#specials = new Map(specials.map(({ content, id }) => [content, id]));
    this.#specialIds = new Set(this.#specials.values());
    this.#split = specials.length === 0 ? undefined : new RegExp(`(${specials.map(({ content }) => escapeExpression(content)).join('|')})`);
  }

  /** Reads the file. Throws `model_unavailable` naming it. */
  static async load(path: string): Promise<HfTokenizer> {
    try {
      return HfTokenizer.parse(await readFile(path, 'utf8'));
    } catch (cause) {
      throw new DomainError('model_unavailable', `The tokenizer ${path} cannot be read: ${String(cause)}. Restore the file, or run: npx gpt4video models pull`, { cause });
    }
  }

  /** Makes a tokenizer from the text of tokenizer.json. */
  static parse(text: string): HfTokenizer {
    const json = JSON.parse(text) as TokenizerJson;
    const specials = (json.added_tokens ?? []).filter(({ special }) => special);
    // The library looks for special tokens in every text; a person's words must not be able to write them, so it gets none.
    const tokenizer = new Tokenizer({ ...json, pre_tokenizer: digitsAsSplit(json.pre_tokenizer), added_tokens: (json.added_tokens ?? []).filter(({ special }) => !special) }, {});
    return new HfTokenizer(tokenizer, specials, tokenBytes(json.decoder));
  }

  /** As the port says. The file's post-processor, if any, frames the whole text once. */
  encode(text: string, { special }: { readonly special: boolean }): readonly number[] {
    if (!special || this.#split === undefined) return this.tokenizer.encode(text).ids;
    return text
      .split(this.#split)
      .filter((part) => part !== '')
      .flatMap((part) => this.#specials.get(part) ?? this.tokenizer.encode(part).ids);
  }

  bytesOf(id: number): Uint8Array {
    if (this.#specialIds.has(id)) return new Uint8Array();
    return this.bytes(this.tokenizer.id_to_token(id) ?? '');
  }
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

interface TokenizerJson {
  readonly added_tokens?: readonly AddedToken[];
  readonly pre_tokenizer?: unknown;
  readonly decoder?: Parameters<typeof tokenBytes>[0];
}

/** Special tokens hold characters like `|` that mean something in an expression. */
function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
