import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFiles, parseManifest } from '@gpt4video/model/bundle/manifest';
import { type BundlePlaces } from '../load-bundle.js';
import { cacheSlots } from '../model-cache.js';
import { writeSlot } from '../slot-record.js';
import { sha256Of } from '../verify-file.js';

/** What a file of the tiny bundle holds: a sentence. */
export const contentOf = (path: string): Uint8Array => Buffer.from(`content of ${path}`);
const fileOf = (path: string) => ({ path, sha256: sha256Of([contentOf(path)]), bytes: contentOf(path).length });
const baseOf = (path: string) => ({ ...fileOf(path), package: 'some-package', version: '0.1.2' });

/** A manifest of sentences where others have models. */
export const tinyManifest = {
  name: 'tiny',
  format: 1,
  vision: { file: fileOf('vision.onnx'), size: 112, tokens: 65, width: 256, preprocess: { resize: 'squash', interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } },
  abstractor: { file: fileOf('abstractor.onnx'), variant: 'joint', timeEmbeddings: true, frames: 4, tokens: 65, width: 576 },
  language: {
    base: baseOf('in/model.gguf'),
    adapter: fileOf('lora.safetensors'),
    contextTokens: 64,
    template: { system: 'You watch.', turnOpen: '<|im_start|>{role}\n', turnClose: '<|im_end|>\n', videoOpen: '<video>', videoClose: '</video>', stop: ['<|im_end|>'] },
    defaults: { temperature: 0, topP: 1, repetitionPenalty: 1, maxTokens: 160 },
  },
  textEncoder: { file: fileOf('text.onnx'), tokenizer: fileOf('text.json'), maxTokens: 32, width: 256 },
  film: {
    denoiser: fileOf('denoiser.onnx'),
    decoder: fileOf('decoder.onnx'),
    latents: [8, 16, 8, 8],
    frames: 16,
    width: 128,
    height: 128,
    fps: 8,
    schedule: { trainSteps: 1000, betas: 'squaredcos_cap_v2', prediction: 'v_prediction' },
    defaults: { steps: 20, guidanceScale: 4, solver: 'dpmsolver++' },
  },
  textEmbedding: { file: fileOf('sentence.onnx'), tokenizer: fileOf('sentence.json'), width: 384, maxTokens: 256 },
  textSafety: { file: fileOf('safety.onnx'), categories: ['hate'], thresholds: { hate: 0.5 }, policyVersion: '2026-11' },
  imageSafety: { base: baseOf('in/nsfw.onnx'), input: 'nhwc-bgr', size: 224, threshold: 0.5, frames: 10, maxFlagged: 4 },
  quality: {},
  licences: [{ part: 'language', licence: 'Apache-2.0', source: 'here' }],
};

/** Writes the bundle into its folder, without the base models. */
export async function writeTinyBundle(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(tinyManifest));
  for (const { path } of bundleFiles(parseManifest(tinyManifest))) await writeFile(join(folder, path), contentOf(path));
}

/** Fills the slots of its base models. */
export async function fillTinyCache(cache: BundlePlaces['cache']): Promise<void> {
  for (const slot of Object.values(cacheSlots(parseManifest(tinyManifest), cache)).filter((slot) => slot !== undefined)) {
    await writeSlot(slot, Object.fromEntries(slot.files.map((file) => [file, [contentOf(file)]])));
  }
}
