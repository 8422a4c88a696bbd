import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clipTokenizerJson } from '@gpt4video/model/assembly/clip-tokenizer-json';
import { readComponentConfig } from '@gpt4video/model/assembly/component-config';
import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import { readSourceText } from './source-text.js';

/** A text encoder's tokenizer. */
export interface FilmTokenizer {
  /** tokenizer.json of Hugging Face's `tokenizers`. */
  readonly json: string;
  /** Id that fills a text up. */
  readonly padToken: number;
}

const vocabulary = z.record(z.string(), z.number().int().min(0));
const whole = z.object({ model: z.object({ type: z.literal('BPE'), vocab: vocabulary, merges: z.array(z.union([z.string(), z.array(z.string()).length(2)])) }) });
const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const settings = z.object({ pad_token: token.nullish(), model_max_length: z.number().optional() });

/** What CLIP's tokenizer pads with when its files name nothing. */
const PAD = '<|endoftext|>';

/**
 * CLIP's tokenizer from `tokenizer/` of a diffusers folder: vocab.json and merges.txt, or tokenizer.json where they are not; padded with
 * the pad token of tokenizer_config.json or special_tokens_map.json up to `maxTokens`. Throws `invalid_request` or `artifact_corrupt`
 * naming file, field, expected and found.
 */
export async function readFilmTokenizer(source: string, maxTokens: number): Promise<FilmTokenizer> {
  const { vocab, merges } = await readWords(source);
  const config = join(source, 'tokenizer_config.json');
  const { pad_token: named, model_max_length: length = maxTokens } = readComponentConfig({ name: config, text: await textOr(config, '{}') }, settings);
  if (length !== maxTokens) throw new DomainError('artifact_corrupt', `${config}, field model_max_length: expected ${maxTokens}, the text encoder's, found ${length}. Choose a tokenizer made for it.`);
  const map = join(source, 'special_tokens_map.json');
  const pad = named ?? readComponentConfig({ name: map, text: await textOr(map, '{}') }, settings).pad_token ?? PAD;
  const padToken = readComponentConfig(vocab, vocabulary)[pad];
  if (padToken === undefined) throw new DomainError('artifact_corrupt', `${vocab.name}: expected an entry for the pad token ${JSON.stringify(pad)}, found none. Fetch the tokenizer again.`);
  return { json: withPad(clipTokenizerJson(vocab, merges), pad, padToken), padToken };
}

/**
 * The reference takes its pad token out of a text before it cuts words, so that the "!" of ZeroScope's tokenizer is another token there
 * than the vocabulary's "!" at the end of a word.
 */
function withPad(json: string, content: string, id: number): string {
  const tokenizer = JSON.parse(json) as { added_tokens: { id: number }[] };
  if (tokenizer.added_tokens.some((added) => added.id === id)) return json;
  tokenizer.added_tokens.push({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false } as { id: number });
  return JSON.stringify(tokenizer);
}

interface Text {
  readonly name: string;
  readonly text: string;
}

async function readWords(source: string): Promise<{ readonly vocab: Text; readonly merges: Text }> {
  const names = { vocab: join(source, 'vocab.json'), merges: join(source, 'merges.txt'), whole: join(source, 'tokenizer.json') };
  if (!(await isFile(names.vocab)) && (await isFile(names.whole))) {
    const { model } = readComponentConfig({ name: names.whole, text: await readSourceText(names.whole) }, whole);
    const merges = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' '))).join('\n');
    return { vocab: { name: names.whole, text: JSON.stringify(model.vocab) }, merges: { name: names.whole, text: `#version: 0.2\n${merges}\n` } };
  }
  return { vocab: { name: names.vocab, text: await readSourceText(names.vocab) }, merges: { name: names.merges, text: await readSourceText(names.merges) } };
}

async function textOr(path: string, absent: string): Promise<string> {
  return (await isFile(path)) ? readFile(path, 'utf8') : absent;
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
