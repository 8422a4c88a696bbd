// CLIP's image tower, imported from a folder as a model hub lays it out, kept as float32 and as float16.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importVision } from '@gpt4video/adapters/import/vision';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './harness/generated-file.mjs';
import { runGraph } from './harness/run-graph.mjs';

export const title = 'CLIP image tower';

const TOLERANCES = { float32: 1e-4, float16: 2e-2 };

export async function run({ geometry, folder, log }) {
  const { geometry: words, config, preprocessor, tensors, inputs, outputs } = readCase('clip-vision', geometry);
  const source = join(folder, 'clip');
  await mkdir(source);
  await writeFile(join(source, 'config.json'), JSON.stringify(config));
  await writeFile(join(source, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  await writeGeneratedFile(join(source, 'model.safetensors'), expandTensors(tensors));
  const rows = [];
  for (const [precision, tolerance] of Object.entries(TOLERANCES)) {
    const into = join(folder, precision);
    await mkdir(into);
    const { manifest } = await importVision(source, into, log, { precision });
    const { features } = await runGraph(join(into, manifest.vision.file.path), { pixels: generatedTensor({ name: 'pixels', ...inputs.pixels }) });
    rows.push({ what: `features, kept as ${precision}`, geometry: words, difference: differenceFrom(outputs.features, features), tolerance });
  }
  return rows;
}
