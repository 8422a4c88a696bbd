// The film denoiser, from unet/ of a diffusers folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDenoiser } from '@gpt4video/adapters/import/film-graphs';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './harness/generated-file.mjs';
import { runGraph } from './harness/run-graph.mjs';

export const title = 'Film denoiser (UNet3D)';

export async function run({ geometry, folder, log }) {
  const { geometry: words, config, tensors, inputs, outputs } = readCase('unet3d', geometry);
  const [source, into] = [join(folder, 'unet'), join(folder, 'into')];
  for (const each of [source, into]) await mkdir(each, { recursive: true });
  await writeFile(join(source, 'config.json'), JSON.stringify(config));
  log('writing the checkpoint');
  await writeGeneratedFile(join(source, 'diffusion_pytorch_model.safetensors'), expandTensors(tensors));
  const [, , frames, height, width] = inputs.latents.shape;
  const file = await writeDenoiser(source, into, { latents: { frames, height, width }, textTokens: inputs.text.shape[1], precision: 'float32', log });
  const feeds = {
    latents: generatedTensor({ name: 'latents', ...inputs.latents }),
    text: generatedTensor({ name: 'text', ...inputs.text }),
    timestep: { shape: [inputs.timestep.length], data: Float32Array.from(inputs.timestep) },
  };
  const { prediction } = await runGraph(join(into, file.path), feeds);
  return [{ what: 'prediction', geometry: words, difference: differenceFrom(outputs.prediction, prediction), tolerance: 1e-4 }];
}
