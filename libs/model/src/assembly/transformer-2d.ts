import type { ModuleScope } from './module-scope.js';
import { addGroupNorm } from './normalisation.js';
import { addTransformerBlock } from './transformer-block.js';
import type { CrossAttention } from './transformer-block.js';
import type { Pictures } from './video-layout.js';

/** What the attention within pictures needs. */
export interface SpatialAttention {
  readonly heads: number;
  readonly groups: number;
  readonly cross: CrossAttention;
}

const EPSILON = 1e-6;

/** `Transformer2DModel` of diffusers with linear projections: the places of a picture look at each other, then at the text. */
export function addTransformer2d(module: ModuleScope, pictures: Pictures, { heads, groups, cross }: SpatialAttention): Pictures {
  const { channels, height, width } = pictures;
  const normed = addGroupNorm(module.at('norm'), pictures.value, { groups, epsilon: EPSILON, shape: [channels, height, width] });
  const last = module.op('Transpose', [normed], 'channels_last', { perm: { ints: [0, 2, 3, 1] } });
  const rows = module.at('proj_in').linear(module.op('Reshape', [last, module.ints([-1, channels])], 'rows'), { from: channels, to: channels });
  const blockRows = addTransformerBlock(module.at('transformer_blocks.0'), { value: rows, length: height * width, width: channels }, { heads, cross });
  const projected = module.at('proj_out').linear(blockRows, { from: channels, to: channels });
  const shaped = module.op('Reshape', [projected, module.ints([-1, height, width, channels])], 'shaped');
  const back = module.op('Transpose', [shaped], 'channels_first', { perm: { ints: [0, 3, 1, 2] } });
  return { ...pictures, value: module.op('Add', [back, pictures.value], 'output') };
}
