// The same requests as graphs.py, of one graph: an image tower, which transformers.js loads as a CLIP vision model.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { digestOf, valueOf } from './graph-values.mjs';
import { serveSide, stopwatch } from './side.mjs';
import { openTransformers } from './transformers-js.mjs';

const { project, path, threads } = JSON.parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'gpt4video-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'onnx'));
symlinkSync(path, join(folder, 'onnx', 'vision_model.onnx'));
writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'clip' }));
const { library, version, options } = await openTransformers(project, folder, threads);
const model = await library.CLIPVisionModelWithProjection.from_pretrained(basename(folder), options);

await serveSide({ version }, async ({ graphs: [{ inputs, times }] }) => {
  // The library hands a tensor on under the graph's own name.
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { shape, type }]) => [name, new library.Tensor(type, valueOf({ shape, type }), shape)]));
  const watch = stopwatch();
  let outputs;
  for (let index = 0; index < times; index += 1) outputs = await model(feeds);
  return { ...watch(), digests: [digestOf(Object.values(outputs)[0].data)] };
});
