import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadBundle } from '@gpt4video/adapters/bundle/load-bundle';
import { modelCacheFolder } from '@gpt4video/adapters/bundle/model-cache';
import { importBundle } from '@gpt4video/adapters/import/import-bundle';
import { OnnxModelSession } from '@gpt4video/adapters/onnx/onnx-model-session';
import { generatedValues } from '@gpt4video/model/random/generated-values';
import { encodeSafetensors } from '@gpt4video/model/tensor/safetensors';

const from = resolve(import.meta.dirname, '../../models/cartoon');
const cache = modelCacheFolder(process.env);
/** The sizes that the shipped abstractor expects of an image tower. */
const SHIPPED = { width: 256, size: 112, tokens: 65 };

describe('a bundle with an imported image tower', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gpt4video-imported-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const importTower = (width: number) => importBundle({ into: join(folder, 'bundle'), from, cache, sources: { vision: layTower(join(folder, 'hub'), width) }, log: () => undefined });

  it('loads, sees, and feeds the shipped abstractor', async () => {
    const manifest = await importTower(SHIPPED.width);
    const bundle = await loadBundle({ folder: join(folder, 'bundle'), cache });
    expect(manifest.vision).toMatchObject({ ...SHIPPED, origin: { source: 'hub' } });
    const eyes = await OnnxModelSession.open({ path: bundle.pathOf(bundle.manifest.vision.file) });
    const condenser = await OnnxModelSession.open({ path: bundle.pathOf(bundle.manifest.abstractor.file) });
    const shape = [4, 3, SHIPPED.size, SHIPPED.size];
    const { features } = await eyes.run({ pixels: { shape, data: generatedValues('pixels', 4 * 3 * SHIPPED.size ** 2, { scale: 2 }) } });
    expect(features?.shape).toEqual([4, SHIPPED.tokens, SHIPPED.width]);
    const { tokens } = await condenser.run({ features: { shape: [1, 4, SHIPPED.tokens, SHIPPED.width], data: Float32Array.from(features?.data as Float32Array) } });
    expect(tokens?.shape).toEqual([1, manifest.abstractor.tokens, manifest.abstractor.width]);
    await Promise.all([eyes.close(), condenser.close()]);
  }, 180_000);

  it('is refused, and nothing is left of it, when its features do not fit the abstractor', async () => {
    await expect(importTower(128)).rejects.toThrow(/abstractor\.onnx, input features: expected \[B, 4, 65, 128\].*found \[.*256\]/);
    expect(readdirSync(folder)).toEqual(['hub']);
  }, 180_000);
});

/** A tower of one layer as model hubs lay it out. */
function layTower(folder: string, width: number): string {
  const inner = 2 * width;
  const shapes: Record<string, number[]> = {
    'embeddings.class_embedding': [width],
    'embeddings.patch_embedding.weight': [width, 3, 14, 14],
    'embeddings.position_embedding.weight': [SHIPPED.tokens, width],
    'encoder.layers.0.mlp.fc1.weight': [inner, width],
    'encoder.layers.0.mlp.fc1.bias': [inner],
    'encoder.layers.0.mlp.fc2.weight': [width, inner],
    'encoder.layers.0.mlp.fc2.bias': [width],
  };
  const norms = ['pre_layrnorm', 'post_layernorm', 'encoder.layers.0.layer_norm1', 'encoder.layers.0.layer_norm2'];
  for (const name of norms) for (const part of ['weight', 'bias']) shapes[`${name}.${part}`] = [width];
  for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
    shapes[`encoder.layers.0.self_attn.${part}.weight`] = [width, width];
    shapes[`encoder.layers.0.self_attn.${part}.bias`] = [width];
  }
  const tensor = (name: string, shape: number[]) => ({ shape, data: generatedValues(name, shape.reduce((product, length) => product * length, 1), { scale: 0.1 }) });
  mkdirSync(folder);
  const config = { model_type: 'clip_vision_model', hidden_size: width, num_hidden_layers: 1, num_attention_heads: 4, intermediate_size: inner, image_size: SHIPPED.size, patch_size: 14 };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify({ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }));
  writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`vision_model.${name}`, tensor(name, shape)]))));
  return folder;
}
