// CLIP's text towers, from a folder as a diffusion pipeline keeps them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTextEncoder } from '@gpt4video/adapters/import/text-encoder';
import { generatedIds } from '@gpt4video/model/random/generated-values';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { writeGeneratedFile } from './harness/generated-file.mjs';
import { runGraph } from './harness/run-graph.mjs';

export const title = 'CLIP text towers';

export async function run({ geometry, folder, log }) {
  const rows = [];
  for (const [index, tower] of readCase('clip-text', geometry).towers.entries()) rows.push(await compare(tower, join(folder, `${index}`), log));
  return rows;
}

async function compare({ geometry, config, skippedLayers, tensors, inputs, outputs }, folder, log) {
  const [source, into] = [join(folder, 'text_encoder'), join(folder, 'into')];
  for (const each of [source, into]) await mkdir(each, { recursive: true });
  await writeFile(join(source, 'config.json'), JSON.stringify(config));
  await writeGeneratedFile(join(source, 'model.safetensors'), expandTensors(tensors));
  const { file } = await writeTextEncoder(source, into, { precision: 'float32', skippedLayers, log });
  const { shape, below } = inputs.input_ids;
  const ids = generatedIds('input_ids', shape[0] * shape[1], below);
  const { hidden } = await runGraph(join(into, file.path), { input_ids: { shape, data: ids } });
  return { what: 'hidden states', geometry, difference: differenceFrom(outputs.hidden, hidden), tolerance: 1e-4 };
}
