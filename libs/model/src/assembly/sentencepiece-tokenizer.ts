import { tokenizerFile } from './tokenizer-file.js';
import type { TokenizerFile } from './tokenizer-file.js';

/** What a piece of a SentencePiece vocabulary is for. */
export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

/** A byte-pair SentencePiece vocabulary; a piece's place is its id. */
export interface SentencePieceVocabulary {
  readonly pieces: readonly { readonly text: string; readonly score: number; readonly kind: PieceKind }[];
  /** True when a text is read as if a space stood before it. */
  readonly prefixSpace: boolean;
}

const SPACE = '▁';

/**
 * LLaMA's SentencePiece in the format of Hugging Face's `tokenizers`: spaces become `▁`, one stands before the text, pieces are merged
 * in the order of their scores, and what is no piece falls apart into bytes `<0x00>` to `<0xFF>`.
 */
export function sentencePieceTokenizer(source: string, { pieces, prefixSpace }: SentencePieceVocabulary): TokenizerFile {
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const unknown = pieces.find(({ kind }) => kind === 'unknown')?.text;
  const strip = prefixSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
  return tokenizerFile(source, pieces.length, {
    added: pieces.flatMap(({ text, kind }, id) => (kind === 'normal' || kind === 'byte' || kind === 'unused' ? [] : [{ id, content: text, special: kind !== 'user-defined' }])),
    normalizer: { type: 'Sequence', normalizers: prefixSpace ? [{ type: 'Prepend', prepend: SPACE }, replace] : [replace] },
    pre: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: SPACE }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, ...strip] },
    model: {
      unk_token: unknown ?? null,
      fuse_unk: true,
      byte_fallback: pieces.some(({ kind }) => kind === 'byte'),
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: mergesOf(pieces),
    },
  });
}

/**
 * SentencePiece joins the two neighbours whose joined piece scores highest, the leftmost of equals; a list of merges in falling order of
 * that score says the same. A piece may arise from several pairs, and runs of spaces all have one score: longer left sides come first, so
 * that a run grows from its left as there.
 */
function mergesOf(pieces: SentencePieceVocabulary['pieces']): string[][] {
  const ids = new Map(pieces.flatMap(({ text, kind }, id) => (kind === 'normal' || kind === 'user-defined' ? [[text, id] as const] : [])));
  const merges: { readonly pair: string[]; readonly score: number; readonly left: number; readonly letters: number }[] = [];
  for (const [text, id] of ids) {
    const letters = [...text];
    for (let cut = 1, left = letters[0] ?? ''; cut < letters.length; left += letters[cut] ?? '', cut += 1) {
      const right = text.slice(left.length);
      if (ids.has(left) && ids.has(right)) merges.push({ pair: [left, right], score: pieces[id]?.score ?? 0, left: cut, letters: letters.length });
    }
  }
  return merges.sort((a, b) => b.score - a.score || b.left - a.left || b.letters - a.letters).map(({ pair }) => pair);
}
