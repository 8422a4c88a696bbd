import type { WeightPrecision } from '../tensor/encoded-pieces.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import { addAttentionModule } from './attention-module.js';
import type { AttentionNames } from './attention-module.js';
import { addConvolution, addUpsample } from './convolution.js';
import { GraphWeights } from './graph-weights.js';
import { ModuleScope } from './module-scope.js';
import { addGroupNorm, addSilu } from './normalisation.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';
import { addResnetBlock } from './resnet-block.js';
import type { VaeConfig } from './vae-config.js';
import { vaeScale } from './vae-config.js';
import type { Pictures } from './video-layout.js';

/** What the graph is made of. */
export interface VaeParts {
  readonly config: VaeConfig;
  readonly tensors: TensorFiles;
  /** How the weights are kept; computing is in float32. */
  readonly precision: WeightPrecision;
  /** Size of one frame's latents. */
  readonly latents: { readonly height: number; readonly width: number };
  readonly weightsFile: string;
}

const EPSILON = 1e-6;
/** Files from before 2023 name the projections so. */
const OLD_NAMES: AttentionNames = { query: 'query', key: 'key', value: 'value', output: 'proj_attn' };

/**
 * The decoder of `AutoencoderKL` of diffusers for ONNX Runtime, one frame a run, so that a film's length costs no memory.
 * Input: `latents` `[1, channels, 1, height, width]`, as the denoiser has them. Output: `frames` `[1, 3, H, W]` in 0..1.
 * Throws `artifact_corrupt` naming file, tensor, expected and found shape.
 */
export function buildVaeDecoderGraph({ config, tensors, precision, latents, weightsFile }: VaeParts): OnnxFiles {
  const { height, width } = latents;
  const { latentChannels, channels, groups } = config;
  const graph = new OnnxGraph('film-decoder', weightsFile);
  const root = new ModuleScope({ graph, weights: new GraphWeights(graph, tensors, precision) });
  const decoder = root.at('decoder');
  const sample = graph.input({ name: 'latents', type: 'float32', shape: [1, latentChannels, 1, height, width] });
  const picture = root.op('Reshape', [sample, root.ints([-1, latentChannels, height, width])], 'picture');
  const scaled = root.op('Mul', [picture, root.floats('scaling', Float32Array.of(1 / config.scalingFactor))], 'unscaled');
  const from = latentChannels;
  const quantised = config.postQuantConvolution ? addConvolution(root.at('post_quant_conv'), scaled, { from, to: from, kernel: [1, 1] }) : scaled;
  const coarse = channels.at(-1) ?? 0;
  const first = addConvolution(decoder.at('conv_in'), quantised, { from, to: coarse, kernel: [3, 3] });
  const names = tensors.find('decoder.mid_block.attentions.0.query.weight') === undefined ? undefined : OLD_NAMES;
  const decoded = addLevels(decoder, addMid(decoder.at('mid_block'), { value: first, channels: coarse, height, width }, { config, names }), config);
  const normed = addGroupNorm(decoder.at('conv_norm_out'), decoded.value, { groups, epsilon: EPSILON, shape: [decoded.channels, decoded.height, decoded.width] });
  addFrames(root, addConvolution(decoder.at('conv_out'), addSilu(decoder, normed), { from: decoded.channels, to: 3, kernel: [3, 3] }));
  graph.output({ name: 'frames', type: 'float32', shape: [1, 3, height * vaeScale(config), width * vaeScale(config)] });
  return graph.finish();
}

function addMid(mid: ModuleScope, pictures: Pictures, { config, names }: { readonly config: VaeConfig; readonly names: AttentionNames | undefined }): Pictures {
  const block = { to: pictures.channels, groups: config.groups, epsilon: EPSILON };
  const before = addResnetBlock(mid.at('resnets.0'), pictures, block);
  return addResnetBlock(mid.at('resnets.1'), config.midAttention ? addPictureAttention(mid.at('attentions.0'), before, { groups: config.groups, names }) : before, block);
}

/** One head over all places of a picture. */
function addPictureAttention(module: ModuleScope, pictures: Pictures, { groups, names }: { readonly groups: number; readonly names: AttentionNames | undefined }): Pictures {
  const { channels, height, width } = pictures;
  const normed = addGroupNorm(module.at('group_norm'), pictures.value, { groups, epsilon: EPSILON, shape: [channels, height, width] });
  const last = module.op('Transpose', [normed], 'channels_last', { perm: { ints: [0, 2, 3, 1] } });
  const rows = module.op('Reshape', [last, module.ints([-1, channels])], 'places');
  const attended = addAttentionModule(module, { value: rows, length: height * width, width: channels }, { heads: 1, bias: true, names });
  const shaped = module.op('Reshape', [attended, module.ints([-1, height, width, channels])], 'shaped');
  const back = module.op('Transpose', [shaped], 'channels_first', { perm: { ints: [0, 3, 1, 2] } });
  return { ...pictures, value: module.op('Add', [back, pictures.value], 'sum') };
}

function addLevels(decoder: ModuleScope, pictures: Pictures, { channels, layersPerBlock, groups }: VaeConfig): Pictures {
  let hidden = pictures;
  [...channels].reverse().forEach((to, level) => {
    const block = decoder.at(`up_blocks.${level}`);
    for (let layer = 0; layer <= layersPerBlock; layer += 1) hidden = addResnetBlock(block.at(`resnets.${layer}`), hidden, { to, groups, epsilon: EPSILON });
    if (level < channels.length - 1) hidden = addUpsample(block.at('upsamplers.0'), hidden, { height: 2 * hidden.height, width: 2 * hidden.width });
  });
  return hidden;
}

/** −1..1 → 0..1, and nothing outside. */
function addFrames(root: ModuleScope, pictures: string): void {
  const half = root.op('Mul', [pictures, root.floats('half', Float32Array.of(0.5))], 'halved');
  const shifted = root.op('Add', [half, root.floats('half', Float32Array.of(0.5))], 'shifted');
  root.op('Clip', [shifted, root.floats('black', Float32Array.of(0), []), root.floats('white', Float32Array.of(1), [])], 'frames');
}
