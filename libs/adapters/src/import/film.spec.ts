import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from '@gpt4video/model/tensor/safetensors';
import { importFilm } from './film.js';
import { importBundle } from './import-bundle.js';
import type { ImportSettings } from './slot-importer.js';

const root = resolve(import.meta.dirname, '../../../..');
const SIZE = { filmSize: '24x16', filmFrames: '3', filmFps: '4' };
const UNET = 'unet/diffusion_pytorch_model.safetensors';
const VAE = 'vae/diffusion_pytorch_model.safetensors';

let folder: string;
let source: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpt4video-film-'));
  source = join(folder, 'hub');
  cpSync(join(root, 'test/fixtures/film-diffusers'), source, { recursive: true });
  mkdirSync(join(folder, 'into'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bring = (settings: ImportSettings = SIZE) => importFilm(source, join(folder, 'into'), () => undefined, settings);

function edit(file: string, fields: Record<string, unknown>): void {
  const path = join(source, file);
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...fields }));
}

/** Writes the file again, a tensor left out or of one value less. */
function spoil(file: string, tensor: string, how: 'missing' | 'short'): void {
  const path = join(source, file);
  const { [tensor]: found, ...others } = decodeSafetensors(readFileSync(path));
  const length = (found?.data.length ?? 0) - 1;
  writeFileSync(path, encodeSafetensors(how === 'missing' ? others : { ...others, [tensor]: { shape: [length], data: (found?.data as Float32Array).slice(0, length) } }));
}

describe('importFilm', () => {
  it('says what it made, ZeroScope\'s schedule included', async () => {
    const { manifest } = await bring();
    expect(manifest.film).toMatchObject({ latents: [4, 3, 8, 12], frames: 3, width: 24, height: 16, fps: 4, decodeFrames: 1, videosPerRun: 1 });
    expect(manifest.film?.defaults).toEqual({ steps: 50, guidanceScale: 9, solver: 'ddim' });
    expect(manifest.film?.schedule).toEqual({ trainSteps: 1000, betas: 'scaled_linear', betaStart: 0.00085, betaEnd: 0.012, prediction: 'epsilon', spacing: 'leading', offset: 1, finalAlphaOne: false });
    expect(manifest.textEncoder).toMatchObject({ maxTokens: 9, width: 16, padToken: 0 });
  });

  it('keeps weights in half precision when asked', async () => {
    const large = (await bring()).manifest.film?.denoiser.data?.bytes ?? 0;
    const small = (await bring({ ...SIZE, precision: 'float16' })).manifest.film?.denoiser.data?.bytes ?? 0;
    expect(small).toBeLessThan(large);
  });

  it.each<[string, () => void, RegExp]>([
    ['no unet', () => rmSync(join(source, 'unet'), { recursive: true }), /unet\/config\.json cannot be read: .*Name a folder that has it/],
    ['no weights', () => rmSync(join(source, VAE)), /vae holds no diffusion_pytorch_model\.safetensors .*Convert its weights to safetensors/],
    ['no tokenizer', () => rmSync(join(source, 'tokenizer'), { recursive: true }), /tokenizer\/vocab\.json cannot be read/],
    ['another family', () => edit('model_index.json', { unet: ['diffusers', 'UNetMotionModel'] }), /model_index\.json, field unet\.1: expected "UNet3DConditionModel", found "UNetMotionModel"/],
    ['another block', () => edit('unet/config.json', { up_block_types: ['UpBlock3D', 'CrossAttnUpBlockMotion'] }), /unet\/config\.json, field up_block_types\.1: expected one of "CrossAttnUpBlock3D"\|"UpBlock3D", found "CrossAttnUpBlockMotion"/],
    ['another activation', () => edit('unet/config.json', { act_fn: 'gelu' }), /unet\/config\.json, field act_fn: expected "silu", found "gelu"/],
    ['uneven widths', () => edit('unet/config.json', { block_out_channels: [8, 18] }), /field block_out_channels: expected multiples of attention_head_dim and of norm_num_groups, found \[8,18\]/],
    ['a shifted decoder', () => edit('vae/config.json', { shift_factor: 0.1 }), /vae\/config\.json, field shift_factor: expected null, found 0\.1/],
    ['clipping', () => edit('scheduler/scheduler_config.json', { clip_sample: true }), /scheduler_config\.json, field clip_sample: expected false, found true/],
    ['another scheduler', () => edit('scheduler/scheduler_config.json', { _class_name: 'PNDMScheduler' }), /field _class_name: expected one of "DDIMScheduler"\|"DPMSolverMultistepScheduler", found "PNDMScheduler"/],
    ['another tokenizer', () => edit('tokenizer/tokenizer_config.json', { model_max_length: 77 }), /field model_max_length: expected 9, the text encoder's, found 77/],
    ['an unknown pad', () => edit('tokenizer/tokenizer_config.json', { pad_token: '<pad>' }), /vocab\.json: expected an entry for the pad token "<pad>", found none/],
    ['a wider text', () => edit('unet/config.json', { cross_attention_dim: 24 }), /text_encoder\/config\.json, field hidden_size: expected 24, what the denoiser reads, found 16/],
    ['a missing tensor', () => spoil(UNET, 'mid_block.temp_convs.1.conv4.3.weight', 'missing'), /unet\/.*, tensor mid_block\.temp_convs\.1\.conv4\.3\.weight: expected \[16, 16, 3, 1, 1\], found nothing/],
    ['another shape', () => spoil(VAE, 'decoder.conv_in.bias', 'short'), /vae\/.*, tensor decoder\.conv_in\.bias: expected \[16\], found \[15\]/],
    ['a truncated file', () => truncateSync(join(source, UNET), 100_000), /unet\/.*safetensors.*ends at byte \d+, but the file holds 100000/],
    ['no JSON', () => writeFileSync(join(source, 'vae/config.json'), '{'), /vae\/config\.json: expected JSON, found something else/],
  ])('refuses %s', async (_, damage, fault) => {
    damage();
    await expect(bring()).rejects.toThrow(fault);
  });

  it.each<[ImportSettings, string]>([
    [{ filmSize: '24x15' }, '--film-size: expected WIDTHxHEIGHT in multiples of 2, found "24x15"'],
    [{ filmSize: 'large' }, '--film-size'],
    [{ filmFrames: '0' }, '--film-frames: expected a whole number from 1 to 9999, found "0"'],
    [{ filmSolver: 'euler' }, '--film-solver: expected ddim or dpmsolver++, found "euler"'],
    [{ precision: 'int4' }, 'precision "int4"'],
  ])('refuses %j', async (settings, fault) => {
    await expect(bring({ ...SIZE, ...settings })).rejects.toThrow(fault);
    expect(readdirSync(join(folder, 'into'))).toEqual([]);
  });

  it('leaves nothing when the last part is broken', async () => {
    spoil(UNET, 'conv_out.bias', 'missing');
    const into = join(folder, 'bundles', 'broken');
    await expect(importBundle({ into, from: join(root, 'models/cartoon'), cache: folder, sources: { film: source }, log: () => undefined, ...SIZE })).rejects.toThrow('tensor conv_out.bias');
    expect(readdirSync(join(folder, 'bundles'))).toEqual([]);
  });
});
