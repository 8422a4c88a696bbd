import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import { importAbstractor } from './abstractor.js';
import { writeTextEncoder } from './text-encoder.js';
import { importVision } from './vision.js';

const WIDTH = 8;
const INNER = 16;
const SIZE = 4;
const PATCH = 2;
const TOKENS = 5;
const LANGUAGE = 6;

type Shapes = Record<string, number[]>;
type Json = Record<string, unknown>;

/** A folder as model hubs lay it out, before and after somebody spoilt it. */
interface Hub {
  readonly shapes: Shapes;
  readonly config: Json;
  readonly preprocessor: Json;
}

const norm = (name: string, width = WIDTH): Shapes => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });
const linear = (name: string, rows: number, columns: number): Shapes => ({ [`${name}.weight`]: [rows, columns], [`${name}.bias`]: [rows] });

function clipLayer(prefix: string): Shapes {
  const attention = ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map((part) => linear(`${prefix}.self_attn.${part}`, WIDTH, WIDTH));
  return Object.assign({}, ...attention, norm(`${prefix}.layer_norm1`), norm(`${prefix}.layer_norm2`), linear(`${prefix}.mlp.fc1`, INNER, WIDTH), linear(`${prefix}.mlp.fc2`, WIDTH, INNER));
}

const sizes = { hidden_size: WIDTH, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: INNER };
const preprocessor = { image_mean: [0.5, 0.5, 0.5], image_std: [0.2, 0.2, 0.2], size: { shortest_edge: SIZE }, crop_size: { height: SIZE, width: SIZE } };

const vision = (): Hub => ({
  config: { model_type: 'clip_vision_model', image_size: SIZE, patch_size: PATCH, ...sizes },
  preprocessor: structuredClone(preprocessor),
  shapes: {
    'vision_model.embeddings.class_embedding': [WIDTH],
    'vision_model.embeddings.patch_embedding.weight': [WIDTH, 3, PATCH, PATCH],
    'vision_model.embeddings.position_embedding.weight': [TOKENS, WIDTH],
    ...norm('vision_model.pre_layrnorm'),
    ...clipLayer('vision_model.encoder.layers.0'),
    ...norm('vision_model.post_layernorm'),
  },
});

const text = (): Hub => ({
  config: { model_type: 'clip_text_model', vocab_size: 20, max_position_embeddings: TOKENS, hidden_act: 'gelu', ...sizes },
  preprocessor,
  shapes: { 'text_model.embeddings.token_embedding.weight': [20, WIDTH], 'text_model.embeddings.position_embedding.weight': [TOKENS, WIDTH], ...clipLayer('text_model.encoder.layers.0'), ...norm('text_model.final_layer_norm') },
});

const owl = (): Hub => {
  const layer = 'abstractor.encoder.layers.0.crossattention';
  const attention = ['query', 'key', 'value'].map((part) => linear(`${layer}.attention.${part}`, WIDTH, WIDTH));
  const mlp = { ...linear(`${layer}.output.mlp.w1`, 256, WIDTH), ...linear(`${layer}.output.mlp.w3`, 256, WIDTH), ...linear(`${layer}.output.mlp.w2`, WIDTH, 256), ...norm(`${layer}.output.mlp.ffn_ln`, 256) };
  return {
    preprocessor,
    config: {
      model_type: 'mplug-owl',
      num_query_tokens: 2,
      vision_config: { hidden_size: WIDTH, image_size: SIZE, patch_size: PATCH },
      visual_abstractor_config: { ...sizes, encoder_hidden_size: WIDTH },
    },
    shapes: Object.assign(
      { query_tokens: [1, 2, WIDTH], temporal_query_tokens: [1, 2, WIDTH], 'abstractor.vit_eos': [1, 1, LANGUAGE], ...mlp },
      ...attention,
      norm(`${layer}.norm1`),
      norm(`${layer}.normk`),
      norm(`${layer}.output.norm2`),
      linear(`${layer}.output.out_proj`, WIDTH, WIDTH),
      linear('abstractor.visual_fc', LANGUAGE, WIDTH),
      linear('abstractor.temporal_visual_fc', LANGUAGE, WIDTH),
    ),
  };
};

describe('importers of encoders', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gpt4video-encoders-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes the folder `hub`; values are all `fill`, and the weights may be cut. */
  function lay({ shapes, config, preprocessor: settings }: Hub, { fill = 0.1, cut = 0 } = {}): string {
    const source = join(folder, 'hub');
    mkdirSync(source, { recursive: true });
    const count = (shape: number[]) => shape.reduce((product, length) => product * length, 1);
    const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape, data: new Float32Array(count(shape)).fill(fill) }]));
    const bytes = encodeSafetensors(tensors);
    writeFileSync(join(source, 'config.json'), JSON.stringify(config));
    writeFileSync(join(source, 'preprocessor_config.json'), JSON.stringify(settings));
    writeFileSync(join(source, 'model.safetensors'), bytes.subarray(0, bytes.length - cut));
    return source;
  }
  function target(): string {
    const into = join(folder, 'into');
    mkdirSync(into, { recursive: true });
    return into;
  }
  const silent = (): void => undefined;
  const see = (hub: Hub, options = {}, precision?: string) => importVision(lay(hub, options), target(), silent, { precision });
  const read = (hub: Hub, options = {}) => writeTextEncoder(lay(hub, options), target(), { precision: 'float32', log: silent });
  const condense = (hub: Hub, options = {}) => importAbstractor(lay(hub, options), target(), silent);

  it('says of the image tower what the manifest needs', async () => {
    const { manifest } = await see(vision());
    const preprocess = { resize: 'shortest-edge', interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };
    expect(manifest.vision).toMatchObject({ size: SIZE, tokens: TOKENS, width: WIDTH, preprocess, origin: { source: 'hub', precision: 'float32' } });
  });

  it('takes tensors without a prefix, as newer checkpoints have them', async () => {
    const hub = vision();
    const bare = { ...hub, shapes: Object.fromEntries(Object.entries(hub.shapes).map(([name, shape]) => [name.replace('vision_model.', ''), shape])) };
    expect((await see(bare)).manifest.vision).toMatchObject({ tokens: TOKENS });
  });

  it('keeps matrices in half the bytes when asked', async () => {
    const hub = { ...text(), config: { ...text().config, vocab_size: 2000 } };
    hub.shapes['text_model.embeddings.token_embedding.weight'] = [2000, WIDTH];
    const bytes = async (precision: 'float32' | 'float16') => (await writeTextEncoder(lay(hub), target(), { precision, log: silent })).file.data?.bytes;
    expect(await bytes('float32')).toBe(4 * 2000 * WIDTH);
    expect(await bytes('float16')).toBe(2 * 2000 * WIDTH);
  });

  it.each<[string, (hub: Hub) => Partial<Hub>, string | undefined, { joint: boolean; frames: number; tokens: number; time: boolean }]>([
    ['with vit_eos', () => ({}), undefined, { joint: true, frames: 4, tokens: 3, time: false }],
    ['without vit_eos', () => ({}), 'abstractor.vit_eos', { joint: false, frames: 4, tokens: 2, time: false }],
    ['with time embeddings', ({ shapes }) => ({ shapes: { ...shapes, 'abstractor.time_embedding': [7, WIDTH] } }), undefined, { joint: true, frames: 7, tokens: 3, time: true }],
  ])('knows an abstractor %s', async (_, change, without, { joint, frames, tokens, time }) => {
    const hub = { ...owl(), ...change(owl()) };
    if (without !== undefined) delete hub.shapes[without];
    const { manifest } = await condense(hub);
    expect(manifest.abstractor).toMatchObject({ variant: joint ? 'joint' : 'paper', frames, tokens, timeEmbeddings: time, width: LANGUAGE });
  });

  const spoilShape = (name: string, shape: number[] | undefined) => (hub: Hub) => {
    if (shape === undefined) delete hub.shapes[name];
    else hub.shapes[name] = shape;
  };
  const spoilConfig = (values: Json) => (hub: Hub) => void Object.assign(hub.config, values);
  const spoilPixels = (values: Json) => (hub: Hub) => void Object.assign(hub.preprocessor, values);

  it.each<[string, (hub: Hub) => void, RegExp]>([
    ['a missing tensor', spoilShape('vision_model.post_layernorm.bias', undefined), /hub.*, tensor vision_model\.post_layernorm\.bias: expected \[8\], found nothing/],
    ['another shape', spoilShape('vision_model.encoder.layers.0.mlp.fc1.weight', [16, 9]), /model\.safetensors, tensor vision_model\.encoder\.layers\.0\.mlp\.fc1\.weight: expected \[16, 8\], found \[16, 9\]/],
    ['another number of patches', spoilShape('vision_model.embeddings.position_embedding.weight', [10, WIDTH]), /position_embedding\.weight: expected \[5, 8\], found \[10, 8\]/],
    ['an unknown activation', spoilConfig({ hidden_act: 'relu' }), /config\.json, hidden_act: expected "quick_gelu" or "gelu", found "relu"/],
    ['another architecture', spoilConfig({ model_type: 'siglip' }), /config\.json, model_type: expected "clip" or "clip_vision_model" or "mplug-owl", found "siglip"/],
    ['a text size', spoilConfig({ hidden_size: 'large' }), /config\.json, hidden_size: expected a positive number, found "large"/],
    ['heads that do not fit', spoilConfig({ num_attention_heads: 3 }), /config\.json, hidden_size: expected a multiple of 3 heads, found 8/],
    ['patches that do not fit', spoilConfig({ image_size: 5 }), /config\.json, image_size: expected a multiple of the patch size 2, found 5/],
    ['an unknown filter', spoilPixels({ resample: 5 }), /preprocessor_config\.json, resample: expected 1, 2 or 3, found 5/],
    ['pixels of another size', spoilPixels({ crop_size: { height: 9, width: 9 } }), /preprocessor_config\.json, crop_size: expected 4, the picture's size in config\.json, found \{"height":9,"width":9\}/],
    ['a missing mean', spoilPixels({ image_mean: undefined }), /preprocessor_config\.json, image_mean: expected .*, found nothing/],
  ])('refuses an image tower with %s', async (_, spoil, message) => {
    const hub = vision();
    spoil(hub);
    await expect(see(hub)).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringMatching(message) });
  });

  it('refuses a tower whose frames see each other', async () => {
    const hub = { ...vision(), config: { model_type: 'mplug-owl', vision_config: { ...sizes, image_size: SIZE, patch_size: PATCH } } };
    hub.shapes['vision_model.encoder.layers.0.temporal.conv.weight'] = [4, 1, 3, 1, 1];
    await expect(see(hub)).rejects.toThrow(/tensor vision_model\.encoder\.layers\.0\.temporal\.conv\.weight: expected an image tower without temporal convolutions/);
  });

  it.each<[string, (hub: Hub) => void, RegExp]>([
    ['a missing tensor', spoilShape('text_model.final_layer_norm.weight', undefined), /tensor text_model\.final_layer_norm\.weight: expected \[8\], found nothing/],
    ['another vocabulary', spoilConfig({ vocab_size: 21 }), /token_embedding\.weight: expected \[21, 8\], found \[20, 8\]/],
    ['an unknown activation', spoilConfig({ hidden_act: 'gelu_new' }), /config\.json, hidden_act: expected "quick_gelu" or "gelu", found "gelu_new"/],
    ['no size', spoilConfig({ hidden_size: undefined }), /config\.json, hidden_size: expected a positive number, found nothing/],
  ])('refuses a text tower with %s', async (_, spoil, message) => {
    const hub = text();
    spoil(hub);
    await expect(read(hub)).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringMatching(message) });
  });

  it.each<[string, (hub: Hub) => void, RegExp]>([
    ['a missing projection', spoilShape('abstractor.visual_fc.weight', undefined), /tensor abstractor\.visual_fc\.weight: expected \[language width, 8\], found nothing/],
    ['no temporal half', spoilShape('temporal_query_tokens', undefined), /tensor temporal_query_tokens: expected \[1, 2, 8\], found nothing/],
    ['another end token', spoilShape('abstractor.vit_eos', [1, 1, 5]), /tensor abstractor\.vit_eos: expected \[1, 1, 6\], found \[1, 1, 5\]/],
    ['features of another width', spoilConfig({ vision_config: { hidden_size: 9, image_size: SIZE, patch_size: PATCH } }), /encoder_hidden_size: expected 8, the width of queries and of the image tower, found 9/],
    ['another architecture', spoilConfig({ model_type: 'llava' }), /config\.json, model_type: expected "mplug-owl", found "llava"/],
  ])('refuses an abstractor with %s', async (_, spoil, message) => {
    const hub = owl();
    spoil(hub);
    await expect(condense(hub)).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringMatching(message) });
  });

  it.each([
    ['an image tower', () => see(vision(), { cut: 3 })],
    ['a text tower', () => read(text(), { cut: 3 })],
    ['an abstractor', () => condense(owl(), { cut: 3 })],
  ])('refuses a truncated file in place of %s and writes nothing', async (_, run) => {
    await expect(run()).rejects.toMatchObject({ code: 'artifact_corrupt', message: expect.stringMatching(/model\.safetensors: .*tensor "[^"]+" ends at byte \d+, but the file holds \d+/) });
    expect(readdirSync(join(folder, 'into'))).toEqual([]);
  });

  it('refuses values that half precision cannot hold', async () => {
    await expect(see(vision(), { fill: 70_000 }, 'float16')).rejects.toThrow(/model\.safetensors, tensor .*: expected values within ±65504 for float16, found 70000\. Import it as float32/);
  });

  it('refuses a precision that it does not know', async () => {
    await expect(see(vision(), {}, 'int3')).rejects.toMatchObject({ code: 'invalid_request', message: 'The precision "int3" is not known here; choose float32 or float16.' });
  });

  it('names a file that the folder must have', async () => {
    const source = lay(vision());
    rmSync(join(source, 'preprocessor_config.json'));
    await expect(importVision(source, target(), silent)).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('preprocessor_config.json cannot be read') });
  });
});
