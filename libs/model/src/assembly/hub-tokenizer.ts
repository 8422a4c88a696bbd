import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import type { TokenizerFile } from './tokenizer-file.js';

/** Decoders that say which bytes a token stands for. */
const DECODERS = ['ByteLevel', 'ByteFallback', 'Metaspace'];
const decoder = z.looseObject({ type: z.string(), decoders: z.array(z.looseObject({ type: z.string() })).default([]) });

const schema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int().min(0), content: z.string() })).default([]),
  model: z.looseObject({ type: z.literal('BPE'), vocab: z.record(z.string(), z.number().int().min(0)) }),
  decoder: decoder.nullish(),
});

/**
 * A hub folder's tokenizer.json as it is, but for the post-processor: a prompt is encoded in runs, and the template says where it begins.
 * Throws `artifact_corrupt` naming the file for anything but byte pairs, and where no decoder says how ids become text again.
 */
export function hubTokenizer(source: string, text: string): TokenizerFile {
  const result = schema.safeParse(parse(source, text));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'content'}: ${issue.message}`);
    throw new DomainError('artifact_corrupt', `${source}, ${faults.join('; ')}. Give the model a byte-pair tokenizer.`);
  }
  const { added_tokens: added, model, decoder: found } = result.data;
  checkDecoder(source, [found?.type, ...(found?.decoders ?? []).map(({ type }) => type)]);
  const last = [...Object.values(model.vocab), ...added.map(({ id }) => id)].reduce((most, id) => Math.max(most, id), -1);
  return { source, tokens: last + 1, text: JSON.stringify({ ...result.data, post_processor: null, truncation: null, padding: null }) };
}

function checkDecoder(source: string, found: readonly (string | undefined)[]): void {
  const kinds = found.filter((type) => type !== undefined);
  if (kinds.some((type) => DECODERS.includes(type))) return;
  throw new DomainError('artifact_corrupt', `${source}, decoder: expected one with ${DECODERS.join(', ')}, found ${kinds.join(', ') || 'none'}. Fetch the model's own tokenizer.json.`);
}

function parse(source: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('artifact_corrupt', `${source}: expected JSON, found something else. Fetch the file again.`, { cause });
  }
}
