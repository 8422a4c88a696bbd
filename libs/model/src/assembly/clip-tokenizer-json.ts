import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';

/** A file of the tokenizer and what messages call it. */
export interface TokenizerFile {
  readonly name: string;
  readonly text: string;
}

const BEGIN = '<|startoftext|>';
const END = '<|endoftext|>';
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
const vocabulary = z.record(z.string(), z.number().int().min(0));

/**
 * CLIP's tokenizer in the format of Hugging Face's `tokenizers`, from vocab.json and merges.txt: lower case, words that end in `</w>`,
 * every text between its begin and end tokens. A text cannot write those two itself.
 * Throws `artifact_corrupt` naming file, expected and found.
 */
export function clipTokenizerJson(vocab: TokenizerFile, merges: TokenizerFile): string {
  const tokens = parseVocabulary(vocab);
  const [begin, end] = [idOf(vocab.name, tokens, BEGIN), idOf(vocab.name, tokens, END)];
  // The reference lowers letter by letter, hence the sigma: JavaScript would write a final one at the end of a word.
  const special = (id: number, content: string) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(begin, BEGIN), special(end, END)],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, replace({ Regex: String.raw`\s+` }, ' '), replace({ String: 'Σ' }, 'σ'), { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true }, BYTE_LEVEL] },
    post_processor: framing(begin, end),
    decoder: BYTE_LEVEL,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: tokens,
      merges: parseMerges(merges, tokens),
    },
  });
}

function replace(pattern: { Regex: string } | { String: string }, content: string): object {
  return { type: 'Replace', pattern, content };
}

function framing(begin: number, end: number): object {
  const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  return {
    type: 'TemplateProcessing',
    single: [token(BEGIN), sequence('A'), token(END)],
    pair: [token(BEGIN), sequence('A'), token(END), token(END), sequence('B'), token(END)],
    special_tokens: { [BEGIN]: { id: BEGIN, ids: [begin], tokens: [BEGIN] }, [END]: { id: END, ids: [end], tokens: [END] } },
  };
}

function parseVocabulary({ name, text }: TokenizerFile): Record<string, number> {
  try {
    return vocabulary.parse(JSON.parse(text));
  } catch {
    throw corrupt(name, 'content', 'a JSON object of tokens and ids', 'something else');
  }
}

/** One merge a line, after a comment with the version. A merge whose parts or result have no id belongs to another vocabulary. */
function parseMerges({ name, text }: TokenizerFile, tokens: Readonly<Record<string, number>>): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  lines.forEach((line, index) => {
    if (line === '' || line.startsWith('#version')) return;
    const parts = line.split(' ');
    const unknown = parts.length === 2 ? [...parts, parts.join('')].find((token) => tokens[token] === undefined) : line;
    if (unknown !== undefined) throw corrupt(name, `line ${index + 1}`, 'two tokens of the vocabulary that make a third', JSON.stringify(line));
  });
  return lines.filter((line) => line !== '' && !line.startsWith('#version'));
}

function idOf(file: string, tokens: Readonly<Record<string, number>>, token: string): number {
  const id = tokens[token];
  if (id === undefined) throw corrupt(file, `token ${token}`, 'an id', 'nothing');
  return id;
}

function corrupt(file: string, part: string, expected: string, found: string): DomainError {
  return new DomainError('artifact_corrupt', `${file}, ${part}: expected ${expected}, found ${found}. Fetch the tokenizer again.`);
}
