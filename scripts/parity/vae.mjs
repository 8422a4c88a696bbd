// The film decoder, from vae/ of a diffusers folder; and from one whose attention has the names of before 2023.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDecoder } from '@gpt4video/adapters/import/film-graphs';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './harness/generated-file.mjs';
import { runGraph } from './harness/run-graph.mjs';

export const title = 'Film decoder (AutoencoderKL)';

const OLD_NAMES = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' };
const oldName = (name) => name.replace(/(attentions\.0\.)(to_q|to_k|to_v|to_out\.0)(?=\.)/, (_, path, part) => `${path}${OLD_NAMES[part]}`);

export async function run({ geometry, folder, log }) {
  const { geometry: words, config, tensors, inputs, outputs } = readCase('vae', geometry);
  const rows = [];
  for (const [what, rename] of [['frames', (name) => name], ['frames, old tensor names', oldName]]) {
    const [source, into] = [join(folder, what, 'vae'), join(folder, what, 'into')];
    for (const each of [source, into]) await mkdir(each, { recursive: true });
    await writeFile(join(source, 'config.json'), JSON.stringify(config));
    await writeGeneratedFile(join(source, 'diffusion_pytorch_model.safetensors'), expandTensors(tensors), { rename });
    const [, , frames, height, width] = inputs.latents.shape;
    const file = await writeDecoder(source, into, { latents: { frames, height, width }, precision: 'float32', log });
    const made = await runGraph(join(into, file.path), { latents: generatedTensor({ name: 'latents', ...inputs.latents }) });
    rows.push({ what, geometry: words, difference: differenceFrom(outputs.frames, made.frames), tolerance: 1e-4 });
  }
  return rows;
}
