// LLaMA decoders from a hub folder or a GGUF file: logits, the cache, vectors in the middle of a prompt, greedy tokens.
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { modelCacheFolder, sourcePath } from '@gpt4video/adapters/bundle/model-cache';
import { readManifest } from '@gpt4video/adapters/bundle/load-bundle';
import { importLanguage } from '@gpt4video/adapters/import/language';
import { Decoder } from '@gpt4video/adapters/onnx/decoder';
import { EmbeddingTable } from '@gpt4video/adapters/onnx/embedding-table';
import { RuntimeSession } from '@gpt4video/adapters/onnx/runtime-session';
import { generatedIds, generatedValues } from '@gpt4video/model/random/generated-values';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { writeGeneratedFile } from './harness/generated-file.mjs';

export const title = 'LLaMA decoders';

export async function run({ geometry, folder, log }) {
  const rows = [];
  for (const [index, model] of readCase('llama', geometry).models.entries()) rows.push(...(await compare(model, join(folder, `${index}`), log)));
  return rows;
}

async function compare({ geometry, config, tensors, inputs, outputs }, folder, log) {
  const into = join(folder, 'into');
  await mkdir(into, { recursive: true });
  log(geometry);
  const source = config === undefined ? await publishedGguf() : await writeHubFolder(join(folder, 'hub'), config, expandTensors(tensors));
  await importLanguage(source, into, () => undefined, { precision: 'float32' });
  const { first, tokens, last } = await read(into, inputs);
  const row = (what, difference, tolerance) => ({ what, geometry, difference, tolerance });
  return [
    row('logits after a prompt with vectors in it', differenceFrom(outputs.first, first), 1e-4),
    row(`greedy tokens that differ, of ${inputs.tokens.length}`, tokens.filter((id, at) => id !== inputs.tokens[at]).length, 0),
    row('logits after them', differenceFrom(outputs.last, last), 1e-4),
  ];
}

async function read(folder, { before, vectors, after, tokens }) {
  const session = await RuntimeSession.load({ path: join(folder, 'language.onnx'), threads: 2 });
  const table = EmbeddingTable.open(join(folder, 'embeddings.safetensors'));
  try {
    const pasts = session.inputs.filter(({ name }) => name.startsWith('past.'));
    const [kvHeads, , , headWidth] = pasts[0].shape;
    const decoder = new Decoder(session, table, { shape: { layers: pasts.length / 2, kvHeads, headWidth }, memoryBytes: 0 });
    const idsOf = (name, count) => ({ kind: 'tokens', ids: Array.from(generatedIds(name, count, table.vocabulary), Number) });
    const prompt = [idsOf('before', before), { kind: 'vectors', count: vectors, vectors: generatedValues('vectors', vectors * table.width, { scale: 0.05 }), sha256: 'generated' }, idsOf('after', after)];
    let logits = Float32Array.from(await decoder.prefill(prompt, new AbortController().signal));
    const first = { shape: [logits.length], data: logits };
    const chosen = [];
    while (chosen.length < tokens.length) {
      chosen.push(logits.indexOf(logits.reduce((most, value) => Math.max(most, value), -Infinity)));
      logits = Float32Array.from(await decoder.next(chosen.at(-1)));
    }
    return { first, tokens: chosen, last: { shape: [logits.length], data: logits } };
  } finally {
    await session.close();
    table.close();
  }
}

/** The folder as hubs lay it out, in two shards; its tokenizer has a name for each id and is not used. */
async function writeHubFolder(folder, config, tensors) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const shards = { 'model-00001-of-00002.safetensors': tensors.slice(0, tensors.length / 2), 'model-00002-of-00002.safetensors': tensors.slice(tensors.length / 2) };
  const map = Object.entries(shards).flatMap(([file, held]) => held.map(({ name }) => [name, file]));
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: Object.fromEntries(map) }));
  for (const [file, held] of Object.entries(shards)) await writeGeneratedFile(join(folder, file), held);
  const end = { id: config.vocab_size - 1, content: '<|im_end|>', special: true };
  const vocab = Object.fromEntries(Array.from({ length: end.id }, (_, id) => [`t${id}`, id]));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ added_tokens: [end], normalizer: null, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false }, post_processor: null, decoder: { type: 'ByteLevel' }, model: { type: 'BPE', vocab, merges: [] } }));
  return folder;
}

async function publishedGguf() {
  const { manifest } = await readManifest(new URL('../../models/cartoon', import.meta.url).pathname);
  return sourcePath(modelCacheFolder({ HOME: homedir(), ...process.env }), manifest.language.base);
}
