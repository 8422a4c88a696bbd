// Imports the language model at one precision, as `gpt4video models import` does, and lets it read a fixed text and answer fixed questions, greedy.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importLanguage } from '@gpt4video/adapters/import/language';
import { Decoder } from '@gpt4video/adapters/onnx/decoder';
import { EmbeddingTable } from '@gpt4video/adapters/onnx/embedding-table';
import { kvShape } from '@gpt4video/adapters/onnx/kv-shape';
import { RuntimeSession } from '@gpt4video/adapters/onnx/runtime-session';
import { HfTokenizer } from '@gpt4video/adapters/tokenizer/hf-tokenizer';
import { LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { argmax } from '@gpt4video/model/tensor/top-k';
import { logProbabilities, divergence } from './opinions.mjs';
import { QUESTIONS, TEXT } from './material.mjs';

const ANSWER_TOKENS = 32;
const { precision, base, adapter, work, reference } = JSON.parse(process.argv[2]);
const folder = join(work, precision);
await mkdir(folder);
await importLanguage(base, folder, () => undefined, { precision, adapter });
const bytes = Object.values(LANGUAGE_FILES).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

const graph = join(folder, LANGUAGE_FILES.graph);
const session = await RuntimeSession.load({ path: graph, threads: 1 });
const table = EmbeddingTable.open(join(folder, LANGUAGE_FILES.embeddings));
const tokenizer = await HfTokenizer.load(join(folder, LANGUAGE_FILES.tokenizer));
const decoder = new Decoder(session, table, { shape: kvShape(session, graph), memoryBytes: 0 });
const never = new AbortController().signal;

const reading = await read(tokenizer.encode(TEXT, { special: false }));
const answers = [];
for (const question of QUESTIONS) answers.push(await answer(question));
const peakMiB = process.resourceUsage().maxRSS / 1024;
await session.close();
table.close();
await rm(folder, { recursive: true });
process.stdout.write(JSON.stringify({ precision, bytes, peakMiB, ...reading, answers }));

/** Every token of the text is told to the model; what it expected before each is judged. */
async function read(ids) {
  let logits = await decoder.prefill([{ kind: 'tokens', ids: ids.slice(0, 1) }], never);
  const opinions = [];
  let surprise = 0;
  const used = process.cpuUsage();
  for (const id of ids.slice(1)) {
    const opinion = logProbabilities(logits);
    opinions.push(opinion);
    surprise -= opinion[id];
    logits = await decoder.next(id);
  }
  const { user, system } = process.cpuUsage(used);
  const perSecond = (1e6 * opinions.length) / (user + system);
  return { tokens: opinions.length, surprise: surprise / opinions.length, perSecond, ...against(opinions) };
}

/** The float32 variant leaves its opinions to the others. */
function against(opinions) {
  if (precision === 'float32') {
    writeFileSync(reference, Buffer.concat(opinions.map(({ buffer }) => Buffer.from(buffer))));
    return { divergence: 0, sameWord: 1 };
  }
  const { buffer } = Uint8Array.from(readFileSync(reference));
  const theirs = opinions.map((opinion, index) => new Float32Array(buffer, index * opinion.byteLength, opinion.length));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    divergence: mean(opinions.map((opinion, index) => divergence(theirs[index], opinion))),
    sameWord: mean(opinions.map((opinion, index) => Number(argmax(opinion) === argmax(theirs[index])))),
  };
}

async function answer(question) {
  const ids = tokenizer.encode(`<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`, { special: true });
  let next = argmax(await decoder.prefill([{ kind: 'tokens', ids }], never));
  const said = [];
  for (; said.length < ANSWER_TOKENS; next = argmax(await decoder.next(next))) said.push(next);
  return said;
}
