import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { assembleLanguage, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { PROMPT_TEMPLATES } from '@gpt4video/model/language/prompt-templates';
import { writeBundleFile, writeBundleGraph } from './bundle-file.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';

/** The language model from a GGUF file of the LLaMA architecture. */
export async function importLanguage(source: string, into: string, log: (line: string) => void, { adapter }: ImportSettings): Promise<SlotFragment> {
  const name = basename(source);
  const made = assembleLanguage({ bytes: await readFile(source), name }, adapter === undefined ? undefined : await readFile(adapter));
  log(`writing ${made.config.layers} layers of width ${made.config.width}`);
  const files = {
    graph: await writeBundleGraph(into, LANGUAGE_FILES.graph, LANGUAGE_FILES.weights, made),
    embeddings: await writeBundleFile(into, LANGUAGE_FILES.embeddings, [made.embeddings]),
    tokenizer: await writeBundleFile(into, LANGUAGE_FILES.tokenizer, [new TextEncoder().encode(made.tokenizer)]),
  };
  const defaults = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, maxTokens: 160 };
  return {
    manifest: { language: { files, origin: { source: name }, contextTokens: made.config.contextTokens, template: PROMPT_TEMPLATES.chatml, defaults } },
    licences: [{ part: 'language', licence: 'not stated', source: name }],
  };
}
