// CLIP's tokenizer, from vocab.json and merges.txt: ids token for token.
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { clipTokenizerJson } from '@gpt4video/model/assembly/clip-tokenizer-json';
import { readCase } from './harness/fixture.mjs';

export const title = 'CLIP tokenizer';

export function run({ geometry, log }) {
  const { geometry: words, vocab, merges, texts, ids } = readCase('clip-tokenizer', geometry);
  const json = clipTokenizerJson({ name: 'vocab.json', text: JSON.stringify(vocab) }, { name: 'merges.txt', text: `#version: 0.2\n${merges.join('\n')}\n` });
  const tokenizer = HfTokenizer.parse(json);
  let different = 0;
  texts.forEach((text, index) => {
    const found = tokenizer.encode(text, { special: false });
    if (found.join() === ids[index].join()) return;
    different += 1;
    log(`${JSON.stringify(text)}: expected ${ids[index].join(' ')}, found ${found.join(' ')}`);
  });
  return [{ what: 'texts whose ids differ', geometry: words, difference: different, tolerance: 0 }];
}
