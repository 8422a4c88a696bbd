// Decode and prefill speed at several contexts against llama.cpp and transformers.js on the same GGUF, sides in turn, and what the bundle's adapter costs. Threads that wait
// spin in llama.cpp and do not here; so one thread each, and besides the clock the processor time, which other work on the machine disturbs least.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheSlots, modelCacheFolder, sourcePath } from '@gpt4video/adapters/bundle/model-cache';
import { llamaCpp, transformersJs } from './competitors.mjs';
import { languageForTransformersJs } from './language-for-transformers-js.mjs';
import { plainLanguage } from './plain-language.mjs';
import { median } from '../statistics.mjs';
import { startNodeSide } from './side.mjs';
import { round } from '../report.mjs';

const THREADS = Number(process.env.BENCH_THREADS ?? 1);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const TOKENS = 24;
const CONTEXTS = [64, 512, 1500];
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const manifest = JSON.parse(readFileSync(here('../../models/cartoon/bundle.json'), 'utf8'));
const cache = modelCacheFolder({ HOME: homedir(), ...process.env });
const source = sourcePath(cache, manifest.language.base);
const plain = await plainLanguage(source);
const exported = await languageForTransformersJs(source);
const node = (script, options) => startNodeSide(script, JSON.stringify(options));
const ours = (folder) => node('language-ours.mjs', { graph: join(folder, 'language.onnx'), embeddings: join(folder, 'embeddings.safetensors'), threads: THREADS });
const sides = {
  ours: await ours(plain.folder),
  'llama.cpp': await node('language-llama-cpp.mjs', { folder: llamaCpp(), modelPath: source, threads: THREADS }),
  'transformers.js': await node('language-transformers-js.mjs', { project: transformersJs(), folder: exported.folder, threads: THREADS }),
  adapted: await ours(cacheSlots(manifest, cache).language.folder),
};

const RIVALS = ['llama.cpp', 'transformers.js'];
const rows = [];
const alike = { prompts: 0, same: 0 };
let salt = 0;
for (const context of CONTEXTS) {
  const seen = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    salt += 1;
    // Each prompt begins anew, so that no side has read it before.
    const ids = Array.from({ length: context }, (_, index) => 1000 + ((index * 37 + salt * 101) % 4000));
    for (const [name, side] of Object.entries(sides)) {
      const answer = await side.ask({ ids, tokens: TOKENS });
      if (answer.reused > 0) throw new Error('the prompt was not new');
      // The first round warms up.
      if (turn > 0) seen[name].push(answer);
    }
  }
  seen.ours.forEach(({ ids }, index) => {
    alike.prompts += 1;
    if (ids.join() === seen['transformers.js'][index].ids.join()) alike.same += 1;
  });
  const middle = (name, part, clock) => median(seen[name].map((answer) => answer[part][clock]));
  const compare = (rival, what, part, clock, { unit, figure, better }) => {
    const [ours, theirs] = ['ours', rival].map((name) => figure(middle(name, part, clock)));
    rows.push({ what: `${what}, context ${context}`, value: ours, unit, against: `${rival}, ${round(theirs)} ${unit}`, ratio: ours / theirs, aim: better });
  };
  for (const rival of RIVALS) {
    compare(rival, 'decode', 'decode', 'cpuMs', { unit: 'tokens/s of processor time', figure: (ms) => (1000 * TOKENS) / ms, better: '≥ 1' });
    compare(rival, 'decode', 'decode', 'ms', { unit: 'tokens/s by the clock', figure: (ms) => (1000 * TOKENS) / ms, better: '≥ 1' });
    compare(rival, 'prefill', 'prefill', 'cpuMs', { unit: 'tokens/s of processor time', figure: (ms) => (1000 * context) / ms, better: '≥ 1' });
    compare(rival, 'time to first token', 'prefill', 'ms', { unit: 'ms by the clock', figure: (ms) => ms, better: '≤ 1' });
  }
  const perSecond = (name) => (1000 * TOKENS) / middle(name, 'decode', 'cpuMs');
  rows.push({ what: `decode with the bundle's adapter, context ${context}`, value: perSecond('adapted'), unit: 'tokens/s of processor time', against: `without it, ${round(perSecond('ours'))}`, ratio: perSecond('adapted') / perSecond('ours') });
}
const mine = sides.ours.peakMiB();
for (const rival of RIVALS) {
  const theirs = sides[rival].peakMiB();
  rows.push({ what: 'peak memory of the process', value: mine, unit: 'MiB', against: `${rival}, ${round(theirs)} MiB`, ratio: mine / theirs });
}
const notes = [
  `${THREADS} thread(s) a side, medians of ${ROUNDS} rounds in turn, ${TOKENS} tokens each; prompts that neither side has read. Ours keeps keys and values in float32, llama.cpp in float16; our memory includes the rows of earlier prompts, up to 256 MiB.`,
  `transformers.js ${sides['transformers.js'].ready.version} loads a graph built of the same weights in the layout that it reads (the exporters' attention, and a cache that the graph appends to); for ${alike.same} of ${alike.prompts} prompts it chose the same ${TOKENS} tokens as ours. It reads a prompt in one run; ours in chunks of 64, so that what is known of a prompt need not be read again and answers stay the same bit for bit, which costs time in long new prompts.`,
];
process.stdout.write(`${JSON.stringify({ title: 'Language model', rows, notes })}\n`);
for (const side of Object.values(sides)) side.stop();
await Promise.all([plain.remove(), exported.remove()]);
