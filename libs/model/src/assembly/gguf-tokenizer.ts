import { DomainError } from '@gpt4video/ports/errors';
import type { GgufFile } from './gguf.js';
import { sentencePieceTokenizer } from './sentencepiece-tokenizer.js';
import type { PieceKind } from './sentencepiece-tokenizer.js';
import { tokenizerFile } from './tokenizer-file.js';
import type { TokenizerFile } from './tokenizer-file.js';

/** ggml's token types. */
const KINDS: Readonly<Record<number, PieceKind>> = { 1: 'normal', 2: 'unknown', 3: 'control', 4: 'user-defined', 5: 'unused', 6: 'byte' };
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const LLAMA3_WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** How words are split before byte-pair encoding, by the name that GGUF gives the rule. */
const SPLITTERS: Readonly<Record<string, { readonly pre: unknown; readonly ignoreMerges: boolean }>> = {
  'gpt-2': { pre: BYTE_LEVEL, ignoreMerges: false },
  // Digits one by one.
  smollm: { pre: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, BYTE_LEVEL] }, ignoreMerges: false },
  // Digits by threes; a word that is a token is taken whole.
  'llama-bpe': {
    pre: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: LLAMA3_WORDS }, behavior: 'Isolated', invert: false }, { ...BYTE_LEVEL, use_regex: false }] },
    ignoreMerges: true,
  },
};

/** The tokenizer of a GGUF file: SentencePiece or byte-level BPE. Throws `artifact_corrupt` for another kind. */
export function ggufTokenizer(file: GgufFile): TokenizerFile {
  const { name, metadata } = file;
  const kind = metadata.string('tokenizer.ggml.model');
  if (kind === 'gpt2') return byteLevelTokenizer(file);
  if (kind !== 'llama') throw unknown(name, 'tokenizer.ggml.model', 'gpt2 or llama', kind);
  const types = metadata.numbers('tokenizer.ggml.token_type');
  const scores = metadata.numbers('tokenizer.ggml.scores');
  const pieces = metadata.strings('tokenizer.ggml.tokens').map((text, id) => ({ text, score: scores[id] ?? 0, kind: KINDS[types[id] ?? 1] ?? 'normal' }));
  return sentencePieceTokenizer(name, { pieces, prefixSpace: metadata.booleanOr('tokenizer.ggml.add_space_prefix', true) });
}

function byteLevelTokenizer({ name, metadata }: GgufFile): TokenizerFile {
  const rule = metadata.stringOr('tokenizer.ggml.pre', 'gpt-2');
  const splitter = SPLITTERS[rule];
  if (splitter === undefined) throw unknown(name, 'tokenizer.ggml.pre', Object.keys(SPLITTERS).join(', '), rule);
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  const types = metadata.numbers('tokenizer.ggml.token_type');
  const added = tokens.flatMap((content, id) => (isAdded(KINDS[types[id] ?? 1]) ? [{ id, content, special: KINDS[types[id] ?? 1] === 'control' }] : []));
  return tokenizerFile(name, tokens.length, {
    added,
    normalizer: null,
    pre: splitter.pre,
    decoder: BYTE_LEVEL,
    model: { unk_token: null, fuse_unk: false, byte_fallback: false, ignore_merges: splitter.ignoreMerges, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: metadata.strings('tokenizer.ggml.merges') },
  });
}

function isAdded(kind: PieceKind | undefined): boolean {
  return kind === 'control' || kind === 'user-defined';
}

function unknown(file: string, key: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, metadata ${key}: expected ${expected}, found "${found}". Choose a model with such a tokenizer.`);
}
