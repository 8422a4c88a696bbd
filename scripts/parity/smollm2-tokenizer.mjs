// SmolLM2's byte-pair tokenizer, from a GGUF's metadata: ids token for token, and back.
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { GgufMetadata } from '@gpt4video/model/assembly/gguf-metadata';
import { ggufTokenizer } from '@gpt4video/model/assembly/gguf-tokenizer';
import { readCase } from './harness/fixture.mjs';
import { tokenizerRows } from './harness/tokenizer-rows.mjs';

export const title = 'SmolLM2’s tokenizer';
const UNUSED = 5;

export function run({ geometry, log }) {
  const found = readCase('smollm2-tokenizer', geometry);
  const tokens = Array.from({ length: found.size }, (_, id) => `[left out ${id}]`);
  const types = tokens.map(() => UNUSED);
  for (const [id, token, type] of found.tokens) [tokens[id], types[id]] = [token, type];
  const metadata = new Map(
    Object.entries({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'smollm',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': types,
      'tokenizer.ggml.merges': found.merges,
    }),
  );
  const { text } = ggufTokenizer({ name: 'smollm2.gguf', metadata: new GgufMetadata('smollm2.gguf', metadata) });
  return tokenizerRows(HfTokenizer.parse(text), found, { log });
}
