// Both abstractors, from a checkpoint with mPLUG-Owl's names, with and without time embeddings; and what the order of frames changes.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importAbstractor } from '@gpt4video/adapters/import/abstractor';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { abstract } from '@gpt4video/model/abstractor/reference';
import { differenceFrom, differenceOf } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './harness/generated-file.mjs';

export const title = 'Abstractors';

export async function run({ geometry, folder, log }) {
  const { geometry: words, config, inputs, variants } = readCase('abstractor', geometry);
  const features = generatedTensor({ name: 'features', ...inputs.features });
  const rows = [];
  for (const [index, { variant, time, tensors, tokens }] of variants.entries()) {
    const [source, into] = [join(folder, `${index}`, 'owl'), join(folder, `${index}`, 'into')];
    for (const each of [source, into]) await mkdir(each, { recursive: true });
    await writeFile(join(source, 'config.json'), JSON.stringify(config));
    await writeGeneratedFile(join(source, 'model.safetensors'), expandTensors(tensors));
    const { manifest } = await importAbstractor(source, into, log);
    const { abstractor } = manifest;
    if (abstractor.variant !== variant || abstractor.timeEmbeddings !== time) throw new Error(`expected ${variant}, found ${JSON.stringify(abstractor)}`);
    const what = `${variant}, ${time ? 'with' : 'without'} time embeddings`;
    const [inOrder, mixed] = await runBoth(join(into, abstractor.file.path), features);
    rows.push({ what, geometry: words, difference: differenceFrom(tokens, inOrder), tolerance: 1e-4 });
    if (geometry === 'small') rows.push({ what: `${what}: against the reference in TypeScript`, geometry: words, difference: differenceOf(inOrder.data, byReference(features, variant, tensors, config).data), tolerance: 1e-4 });
    rows.push({ what: `${what}: frames in another order`, geometry: words, difference: differenceOf(inOrder.data, mixed.data), ...(time ? { atLeast: 0.01 } : { tolerance: 1e-4 }) });
  }
  return rows;
}

/** What libs/model/src/abstractor/reference.ts computes of the same tensors; it is written for reading, so small sizes only. */
function byReference(features, variant, tensors, { visual_abstractor_config: sizes }) {
  const renamed = (name) =>
    name
      .replace(/^query_tokens$/, 'spatial')
      .replace(/^temporal_query_tokens$/, 'temporal')
      .replace('abstractor.encoder.', '')
      .replace(/crossattention\.(attention\.|output\.)?/, '')
      .replace('out_proj', 'out')
      .replace('ffn_ln', 'norm')
      .replace('abstractor.temporal_visual_fc', 'temporal_fc')
      .replace('abstractor.visual_fc', 'spatial_fc')
      .replace('abstractor.time_embedding', 'time')
      .replace('abstractor.', '');
  const weights = Object.fromEntries(expandTensors(tensors).map((tensor) => [renamed(tensor.name), generatedTensor(tensor)]));
  return abstract(features, weights, { variant, layers: sizes.num_hidden_layers, heads: sizes.num_attention_heads });
}

/** The tokens of the frames as they are, and of the same frames in the order 3, 1, 0, 2. */
async function runBoth(path, features) {
  const session = await OnnxModelSession.open({ path, threads: 2 });
  try {
    const { tokens } = await session.run({ features });
    return [tokens, (await session.run({ features: reordered(features, [3, 1, 0, 2]) })).tokens];
  } finally {
    await session.close();
  }
}

function reordered({ shape, data }, order) {
  const [samples, frames, patches, width] = shape;
  const size = patches * width;
  const result = new Float32Array(data.length);
  for (let sample = 0; sample < samples; sample += 1) {
    order.forEach((from, to) => result.set(data.subarray((sample * frames + from) * size, (sample * frames + from + 1) * size), (sample * frames + to) * size));
  }
  return { shape, data: result };
}
