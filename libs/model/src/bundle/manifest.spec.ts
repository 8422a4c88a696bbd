import { baseFiles, bundleFiles, bundleRevision, parseManifest, parseManifestText } from './manifest.js';

const file = (path: string) => ({ path, sha256: 'a'.repeat(64), bytes: 10 });
const base = (path: string) => ({ ...file(path), package: 'some-package', version: '0.1.2' });

const good = {
  name: 'cartoon',
  format: 1,
  vision: { file: file('vision.onnx'), size: 112, tokens: 65, width: 256, preprocess: { resize: 'squash', interpolation: 'bicubic', mean: [0.48, 0.46, 0.41], std: [0.27, 0.26, 0.28] } },
  abstractor: { file: file('abstractor.onnx'), variant: 'joint', timeEmbeddings: true, frames: 4, tokens: 65, width: 576 },
  language: {
    base: base('model.gguf'),
    adapter: file('lora.safetensors'),
    contextTokens: 8192,
    template: { system: 'You watch.', turnOpen: '<|im_start|>{role}\n', turnClose: '<|im_end|>\n', videoOpen: '<video>', videoClose: '</video>', stop: ['<|im_end|>'] },
    defaults: { temperature: 0, topP: 1, repetitionPenalty: 1, maxTokens: 160 },
  },
  textEncoder: { file: file('text-encoder.onnx'), tokenizer: file('text-encoder.tokenizer.json'), maxTokens: 32, width: 256 },
  film: {
    denoiser: file('film-denoiser.onnx'),
    decoder: file('film-decoder.onnx'),
    latents: [4, 4, 16, 16],
    frames: 16,
    width: 128,
    height: 128,
    fps: 8,
    schedule: { trainSteps: 1000, betas: 'squaredcos_cap_v2', prediction: 'v_prediction' },
    defaults: { steps: 20, guidanceScale: 4, solver: 'dpmsolver++' },
  },
  textEmbedding: { file: file('minilm.int8.onnx'), tokenizer: file('minilm.tokenizer.json'), width: 384, maxTokens: 256 },
  textSafety: { file: file('text-safety.onnx'), categories: ['hate', 'violence'], thresholds: { hate: 0.5, violence: 0.4 }, policyVersion: '2026-11' },
  imageSafety: { base: base('open-nsfw.onnx'), input: 'nhwc-bgr', size: 224, threshold: 0.5, frames: 10, maxFlagged: 4 },
  quality: { captions: { exact: 0.9 } },
  licences: [{ part: 'language', licence: 'Apache-2.0', source: 'SmolLM2' }],
};

/** The good manifest with one field changed; `undefined` removes it. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(good) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((node, key) => node[key] as Record<string, unknown>, copy);
  parent[last] = value;
  return JSON.parse(JSON.stringify(copy));
}

describe('parseManifest', () => {
  it('reads a good manifest', () => {
    const manifest = parseManifest(good);
    expect(manifest.film.latents).toEqual([4, 4, 16, 16]);
    expect(manifest.language.defaults.topK).toBe(0);
    expect(parseManifestText(JSON.stringify(good))).toEqual(manifest);
  });

  it.each([
    ['name', 'Über', 'name'],
    ['format', 2, 'format'],
    ['vision.file.sha256', 'abc', 'vision.file.sha256'],
    ['vision.file.path', '../secret', 'vision.file.path: must be a relative path'],
    ['vision.file.path', '/etc/passwd', 'vision.file.path'],
    ['vision.file.path', 'C:\\x', 'vision.file.path'],
    ['vision.file.path', 'a/../../b', 'vision.file.path'],
    ['vision.file.bytes', 0, 'vision.file.bytes'],
    ['vision.preprocess.std', [1, 0, 1], 'vision.preprocess: std must be positive'],
    ['vision.preprocess.resize', 'stretch', 'vision.preprocess.resize'],
    ['abstractor.variant', 'both', 'abstractor.variant'],
    ['language.template.turnOpen', 'user', 'language.template.turnOpen'],
    ['language.template.stop', [], 'language.template.stop'],
    ['language.defaults.topP', 0, 'language.defaults.topP'],
    ['film.latents', [4, 4, 16], 'film.latents'],
    ['film.schedule.betas', 'sigmoid', 'film.schedule.betas'],
    ['film.defaults.solver', 'euler', 'film.defaults.solver'],
    ['textSafety.thresholds', { hate: 0.5 }, 'textSafety: every category needs a threshold'],
    ['textSafety.thresholds.hate', 1.5, 'textSafety.thresholds.hate'],
    ['textSafety.states', { tensor: '', width: 384 }, 'textSafety.states.tensor'],
    ['textSafety.states', { tensor: 'inner', width: 0 }, 'textSafety.states.width'],
    ['textSafety.categories', ['hate', 'hate'], 'textSafety: categories must differ'],
    ['imageSafety.maxFlagged', 10, 'imageSafety: maxFlagged must be below frames'],
    ['licences', [], 'licences'],
    ['quality', undefined, 'quality'],
  ])('refuses %s = %j', (path, value, fault) => expect(() => parseManifest(changed(path, value))).toThrow(fault));

  it('lists all faults at once', () => {
    expect(() => parseManifest({ ...good, name: '', film: undefined })).toThrow(/2 fault\(s\): name: .*; film: /);
  });

  it('says what to do about a file that is not JSON', () => expect(() => parseManifestText('{')).toThrow('bundle.json is not JSON; restore it'));
});

describe('files of a bundle', () => {
  it('names every file of the manifest', () => {
    const manifest = parseManifest(good);
    const named = JSON.stringify(good).match(/"path":"[^"]+"/g) ?? [];
    const listed = [...bundleFiles(manifest), ...baseFiles(manifest)].map(({ path }) => `"path":"${path}"`);
    expect([...listed].sort()).toEqual([...named].sort());
  });
});

describe('bundleRevision', () => {
  it('takes twelve digits', () => expect(bundleRevision(`0123456789abcdef${'0'.repeat(48)}`)).toBe('0123456789ab'));
  it('refuses what is no hash', () => expect(() => bundleRevision('ABC')).toThrow('64 lower-case hexadecimal digits'));
});
