// The film denoiser, from unet/ of a diffusers folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDenoiser } from '@gpt4video/adapters/import/film-graphs';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { differenceFrom } from './harness/difference.mjs';
import { expandTensors, readCase } from './harness/fixture.mjs';
import { generatedTensor, writeGeneratedFile } from './harness/generated-file.mjs';

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
  const { prediction } = await timedRun(join(into, file.path), feeds, log);
  return [{ what: 'prediction', geometry: words, difference: differenceFrom(outputs.prediction, prediction), tolerance: 1e-4 }];
}

/** The second run's outputs, and a line that says how long it took: the first one also makes the memory. */
async function timedRun(path, feeds, log) {
  const session = await OnnxModelSession.open({ path, threads: 2 });
  try {
    await session.run(feeds);
    const started = performance.now();
    const outputs = await session.run(feeds);
    log(`one run of latents [${feeds.latents.shape.join(', ')}] on two threads: ${((performance.now() - started) / 1000).toFixed(2)} s`);
    return outputs;
  } finally {
    await session.close();
  }
}
