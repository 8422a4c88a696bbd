import type { Sequences } from './attention-module.js';
import { addDownsample, addUpsample } from './convolution.js';
import type { ModuleScope } from './module-scope.js';
import { addResnetBlock } from './resnet-block.js';
import { addTemporalConvolution } from './temporal-convolution.js';
import { addTemporalTransformer } from './temporal-transformer.js';
import { addTransformer2d } from './transformer-2d.js';
import type { Unet3dConfig } from './unet3d-config.js';
import type { Pictures } from './video-layout.js';

/** Values that every block reads. */
export interface FilmContext {
  readonly config: Unet3dConfig;
  readonly frames: number;
  /** Text states, one sequence a video. */
  readonly text: Sequences;
  /** Activated timestep embedding, `[pictures, width]`. */
  readonly time: { readonly value: string; readonly width: number };
}

/** One level. */
export interface UnetBlock {
  readonly channels: number;
  readonly attends: boolean;
}

/** A level on the way down; returns its last pictures and every layer's, for the way up. */
export function addDownBlock(module: ModuleScope, input: Pictures, block: UnetBlock & { readonly downsample: boolean }, context: FilmContext): { readonly pictures: Pictures; readonly skips: readonly Pictures[] } {
  const { layersPerBlock, downsamplePadding } = context.config;
  const skips: Pictures[] = [];
  let pictures = input;
  for (let layer = 0; layer < layersPerBlock; layer += 1) {
    pictures = addLayer(module, layer, pictures, block, context);
    skips.push(pictures);
  }
  if (!block.downsample) return { pictures, skips };
  const smaller = addDownsample(module.at('downsamplers.0'), pictures, downsamplePadding);
  return { pictures: smaller, skips: [...skips, smaller] };
}

/** The coarsest level: convolutions, attention, convolutions. */
export function addMidBlock(module: ModuleScope, pictures: Pictures, context: FilmContext): Pictures {
  const { channels } = pictures;
  const before = addConvolutions(module, 0, pictures, channels, context);
  return addConvolutions(module, 1, addAttentions(module, 0, before, context), channels, context);
}

/** A level on the way up, each layer joined by what the way down left; `larger` is the size of the next level, if there is one. */
export function addUpBlock(module: ModuleScope, input: Pictures, block: UnetBlock & { readonly skips: readonly Pictures[]; readonly larger: Pictures | undefined }, context: FilmContext): Pictures {
  let pictures = input;
  block.skips.forEach((skip, layer) => {
    const value = module.op('Concat', [pictures.value, skip.value], `joined.${layer}`, { axis: { int: 1 } });
    pictures = addLayer(module, layer, { ...pictures, value, channels: pictures.channels + skip.channels }, block, context);
  });
  return block.larger === undefined ? pictures : addUpsample(module.at('upsamplers.0'), pictures, block.larger);
}

function addLayer(module: ModuleScope, layer: number, pictures: Pictures, { channels, attends }: UnetBlock, context: FilmContext): Pictures {
  const convolved = addConvolutions(module, layer, pictures, channels, context);
  return attends ? addAttentions(module, layer, convolved, context) : convolved;
}

/** Within the pictures, then along time. */
function addConvolutions(module: ModuleScope, layer: number, pictures: Pictures, to: number, { config, frames, time }: FilmContext): Pictures {
  const { groups, epsilon } = config;
  const block = addResnetBlock(module.at(`resnets.${layer}`), pictures, { to, groups, epsilon, time });
  return addTemporalConvolution(module.at(`temp_convs.${layer}`), block, { frames, groups });
}

function addAttentions(module: ModuleScope, layer: number, pictures: Pictures, { config, frames, text }: FilmContext): Pictures {
  const { groups, headWidth } = config;
  const heads = pictures.channels / headWidth;
  // A query's softmax sees its own scores only, so all frames of a video can be one sequence, and the text need not be repeated.
  const cross = { context: text, queries: frames * pictures.height * pictures.width };
  const spatial = addTransformer2d(module.at(`attentions.${layer}`), pictures, { heads, groups, cross });
  return addTemporalTransformer(module.at(`temp_attentions.${layer}`), spatial, { frames, heads, inner: pictures.channels, groups });
}
