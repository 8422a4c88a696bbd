import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importVision } from '@gpt4video/adapters/import/vision';
import { differenceFrom } from './difference.mjs';
import { expandTensors } from './fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './generated-file.mjs';
import { runGraph } from './run-graph.mjs';

/** Imports a generated image tower from a folder as model hubs lay it out, once for each precision, and compares its features. */
export async function compareTower({ geometry: words, config, preprocessor, tensors, inputs, outputs }, { tolerances, folder, log }) {
  const source = join(folder, 'hub');
  await mkdir(source);
  await writeFile(join(source, 'config.json'), JSON.stringify(config));
  await writeFile(join(source, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  await writeGeneratedFile(join(source, 'model.safetensors'), expandTensors(tensors));
  const rows = [];
  for (const [precision, tolerance] of Object.entries(tolerances)) {
    const into = join(folder, precision);
    await mkdir(into);
    const { manifest } = await importVision(source, into, log, { precision });
    const { features } = await runGraph(join(into, manifest.vision.file.path), { pixels: generatedTensor({ name: 'pixels', ...inputs.pixels }) });
    rows.push({ what: `features, kept as ${precision}`, geometry: words, difference: differenceFrom(outputs.features, features), tolerance });
    await rm(into, { recursive: true });
  }
  return rows;
}
