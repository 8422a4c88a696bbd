import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { assembleLanguage, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { PRECISIONS } from '@gpt4video/model/assembly/linear-layer';
import type { Precision } from '@gpt4video/model/assembly/linear-layer';
import { checkVocabulary } from '@gpt4video/model/assembly/tokenizer-file';
import { PROMPT_TEMPLATES } from '@gpt4video/model/language/prompt-templates';
import type { PromptTemplateName } from '@gpt4video/model/language/prompt-templates';
import { DomainError } from '@gpt4video/ports/errors';
import { HfTokenizer } from '../tokenizer/hf-tokenizer.js';
import { writeBundleFile, writeBundleGraph } from './bundle-file.js';
import { openLanguageSource } from './language-source.js';
import type { LanguageSource } from './language-source.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';

/**
 * The language model from a GGUF file or a hub folder (config.json, safetensors, tokenizer) of the LLaMA architecture, at any size:
 * weights go from disk to disk one matrix at a time. Throws `artifact_corrupt` or `invalid_request` naming file, tensor, expected and found.
 */
export async function importLanguage(source: string, into: string, log: (line: string) => void, settings: ImportSettings): Promise<SlotFragment> {
  const precision = precisionOf(settings.precision);
  const template = templateOf(settings.template);
  const opened = await openLanguageSource(source);
  try {
    return await write(opened, into, { log, precision, template, adapter: settings.adapter });
  } finally {
    opened.close();
  }
}

interface Choices {
  readonly log: (line: string) => void;
  readonly precision: Precision;
  readonly template: PromptTemplateName;
  readonly adapter: string | undefined;
}

async function write({ checkpoint, tokenizer, name, licence }: LanguageSource, into: string, { log, precision, template, adapter }: Choices): Promise<SlotFragment> {
  const { layers, width, vocabulary, contextTokens } = checkpoint.config;
  checkVocabulary(tokenizer, vocabulary, name);
  checkTemplate(HfTokenizer.parse(tokenizer.text), tokenizer.source, template);
  const made = assembleLanguage(checkpoint, { precision, adapter: adapter === undefined ? undefined : await readFile(adapter) });
  log(`writing ${layers} layers of width ${width}`);
  const files = {
    graph: await writeBundleGraph(into, LANGUAGE_FILES.graph, LANGUAGE_FILES.weights, made),
    embeddings: await writeBundleFile(into, LANGUAGE_FILES.embeddings, made.embeddings),
    tokenizer: await writeBundleFile(into, LANGUAGE_FILES.tokenizer, [new TextEncoder().encode(tokenizer.text)]),
  };
  const defaults = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, maxTokens: 160 };
  const origin = { source: adapter === undefined ? name : `${name} with ${basename(resolve(adapter))}`, precision };
  return { manifest: { language: { files, origin, contextTokens, template: PROMPT_TEMPLATES[template], defaults } }, licences: [{ part: 'language', licence, source: name }] };
}

/** The words that end an answer must be one token each, or the model would never be stopped. */
function checkTemplate(tokenizer: HfTokenizer, file: string, name: PromptTemplateName): void {
  for (const stop of PROMPT_TEMPLATES[name].stop) {
    const ids = tokenizer.encode(stop, { special: true });
    if (ids.length === 1) continue;
    throw new DomainError('artifact_corrupt', `${file}: expected the token "${stop}" that ends an answer in the template ${name}, found ${ids.length} tokens for it. Choose another template with --template: ${Object.keys(PROMPT_TEMPLATES).join(', ')}.`);
  }
}

function precisionOf(wanted = 'stored'): Precision {
  const known = PRECISIONS.find((precision) => precision === wanted);
  if (known !== undefined) return known;
  throw new DomainError('invalid_request', `The precision "${wanted}" is not one of ${PRECISIONS.join(', ')}.`, { param: 'precision' });
}

function templateOf(wanted = 'chatml'): PromptTemplateName {
  if (Object.hasOwn(PROMPT_TEMPLATES, wanted)) return wanted as PromptTemplateName;
  throw new DomainError('invalid_request', `The template "${wanted}" is not one of ${Object.keys(PROMPT_TEMPLATES).join(', ')}.`, { param: 'template' });
}
