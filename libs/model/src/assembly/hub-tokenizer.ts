import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import type { TokenizerFile } from './tokenizer-file.js';

const schema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int().min(0), content: z.string() })).default([]),
  model: z.looseObject({ type: z.literal('BPE'), vocab: z.record(z.string(), z.number().int().min(0)) }),
});

/**
 * A hub folder's tokenizer.json as it is, but for the post-processor: a prompt is encoded in runs, and the template says where it begins.
 * Throws `artifact_corrupt` naming the file for anything but byte pairs.
 */
export function hubTokenizer(source: string, text: string): TokenizerFile {
  const result = schema.safeParse(parse(source, text));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'content'}: ${issue.message}`);
    throw new DomainError('artifact_corrupt', `${source}, ${faults.join('; ')}. Give the model a byte-pair tokenizer.`);
  }
  const { added_tokens: added, model } = result.data;
  const last = [...Object.values(model.vocab), ...added.map(({ id }) => id)].reduce((most, id) => Math.max(most, id), -1);
  return { source, tokens: last + 1, text: JSON.stringify({ ...result.data, post_processor: null, truncation: null, padding: null }) };
}

function parse(source: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('artifact_corrupt', `${source}: expected JSON, found something else. Fetch the file again.`, { cause });
  }
}
