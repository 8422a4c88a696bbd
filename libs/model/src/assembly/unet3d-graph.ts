import type { WeightPrecision } from '../tensor/encoded-pieces.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import { addConvolution } from './convolution.js';
import { GraphWeights } from './graph-weights.js';
import { ModuleScope } from './module-scope.js';
import { addGroupNorm, addSilu } from './normalisation.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';
import { addTemporalTransformer } from './temporal-transformer.js';
import { addTimestepEmbedding } from './timestep-embedding.js';
import { addDownBlock, addMidBlock, addUpBlock } from './unet3d-blocks.js';
import type { FilmContext } from './unet3d-blocks.js';
import type { Unet3dConfig } from './unet3d-config.js';
import type { Pictures } from './video-layout.js';

/** What the graph is made of. */
export interface Unet3dParts {
  readonly config: Unet3dConfig;
  readonly tensors: TensorFiles;
  /** How the weights are kept; computing is in float32. */
  readonly precision: WeightPrecision;
  /** Size of the latents; they are fixed in the graph, so that the runtime plans its memory once. */
  readonly latents: { readonly frames: number; readonly height: number; readonly width: number };
  readonly textTokens: number;
  /** Name of the file that will hold the weights, beside the graph. */
  readonly weightsFile: string;
}

/** Heads of the attention along time that follows the first convolution. */
const FIRST_HEADS = 8;

/**
 * `UNet3DConditionModel` of diffusers (Wang et al. 2023, ModelScope; ZeroScope) for ONNX Runtime. Inputs: `latents`
 * `[batch, channels, frames, height, width]`, `timestep` float32 `[batch]`, `text` `[batch, textTokens, textWidth]`. Output:
 * `prediction`, shaped as the latents. Throws `artifact_corrupt` naming file, tensor, expected and found shape.
 */
export function buildUnet3dGraph({ config, tensors, precision, latents, textTokens, weightsFile }: Unet3dParts): OnnxFiles {
  const { frames, height, width } = latents;
  const graph = new OnnxGraph('film-denoiser', weightsFile);
  const root = new ModuleScope({ graph, weights: new GraphWeights(graph, tensors, precision) });
  const sample = graph.input({ name: 'latents', type: 'float32', shape: ['batch', config.inChannels, frames, height, width] });
  const timestep = graph.input({ name: 'timestep', type: 'float32', shape: ['batch'] });
  const text = graph.input({ name: 'text', type: 'float32', shape: ['batch', textTokens, config.textWidth] });
  const [first = 0] = config.channels;
  const time = { value: addTimestepEmbedding(root.at('time_embedding'), timestep, { waves: first, width: 4 * first, frames }), width: 4 * first };
  const rows = root.op('Reshape', [text, root.ints([-1, config.textWidth])], 'text_rows');
  const context: FilmContext = { config, frames, time, text: { value: rows, length: textTokens, width: config.textWidth } };
  const output = addLevels(root, addEntrance(root, sample, { ...latents, config }), context);
  addExit(root, output, { frames, config });
  graph.output({ name: 'prediction', type: 'float32', shape: ['batch', config.outChannels, frames, height, width] });
  return graph.finish();
}

function addEntrance(root: ModuleScope, sample: string, { config, frames, height, width }: Unet3dParts['latents'] & Pick<Unet3dParts, 'config'>): Pictures {
  const [channels = 0] = config.channels;
  const framesFirst = root.op('Transpose', [sample], 'latents_by_frame', { perm: { ints: [0, 2, 1, 3, 4] } });
  const pictures = root.op('Reshape', [framesFirst, root.ints([-1, config.inChannels, height, width])], 'latent_pictures');
  const value = addConvolution(root.at('conv_in'), pictures, { from: config.inChannels, to: channels, kernel: [3, 3] });
  const attention = { frames, heads: FIRST_HEADS, inner: FIRST_HEADS * config.headWidth, groups: config.groups };
  return addTemporalTransformer(root.at('transformer_in'), { value, channels, height, width }, attention);
}

function addLevels(root: ModuleScope, entrance: Pictures, context: FilmContext): Pictures {
  const { channels, attends, layersPerBlock } = context.config;
  const skips = [entrance];
  let pictures = entrance;
  channels.forEach((width, level) => {
    const down = addDownBlock(root.at(`down_blocks.${level}`), pictures, { channels: width, attends: attends.down[level] ?? false, downsample: level < channels.length - 1 }, context);
    pictures = down.pictures;
    skips.push(...down.skips);
  });
  pictures = addMidBlock(root.at('mid_block'), pictures, context);
  [...channels].reverse().forEach((width, level) => {
    const taken = skips.splice(-(layersPerBlock + 1)).reverse();
    pictures = addUpBlock(root.at(`up_blocks.${level}`), pictures, { channels: width, attends: attends.up[level] ?? false, skips: taken, larger: skips.at(-1) }, context);
  });
  return pictures;
}

function addExit(root: ModuleScope, { value, channels, height, width }: Pictures, { config, frames }: Pick<FilmContext, 'config' | 'frames'>): void {
  const normed = addGroupNorm(root.at('conv_norm_out'), value, { groups: config.groups, epsilon: config.epsilon, shape: [channels, height, width] });
  const pictures = addConvolution(root.at('conv_out'), addSilu(root, normed, 'output_active'), { from: channels, to: config.outChannels, kernel: [3, 3] });
  const apart = root.op('Reshape', [pictures, root.ints([-1, frames, config.outChannels, height, width])], 'output_by_frame');
  root.op('Transpose', [apart], 'prediction', { perm: { ints: [0, 2, 1, 3, 4] } });
}
