/** Text to token ids and back, for one vocabulary. */
export abstract class TextTokenizer {
  /** Ids of the text; special tokens that stand in the text are recognised when `special` is true (templates only, never a person's words). */
  abstract encode(text: string, options: { readonly special: boolean }): readonly number[];

  /** Raw bytes of one id, for incremental UTF-8 decoding; empty for special tokens. */
  abstract bytesOf(id: number): Uint8Array;
}
