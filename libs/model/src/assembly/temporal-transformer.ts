import type { ModuleScope } from './module-scope.js';
import { addGroupNorm } from './normalisation.js';
import { addTransformerBlock } from './transformer-block.js';
import { toVideo } from './video-layout.js';
import type { Pictures } from './video-layout.js';

/** What the attention along time needs. */
export interface TemporalAttention {
  readonly frames: number;
  readonly heads: number;
  /** Width within the attention, `heads` × the width of a head. */
  readonly inner: number;
  readonly groups: number;
}

const EPSILON = 1e-6;

/** `TransformerTemporalModel` of diffusers: the frames of one place look at each other, twice. */
export function addTemporalTransformer(module: ModuleScope, pictures: Pictures, { frames, heads, inner, groups }: TemporalAttention): Pictures {
  const { channels, height, width } = pictures;
  const normed = addGroupNorm(module.at('norm'), toVideo(module, pictures, frames), { groups, epsilon: EPSILON, shape: [channels, frames, height, width] });
  const last = module.op('Transpose', [normed], 'places', { perm: { ints: [0, 3, 4, 2, 1] } });
  const rows = module.at('proj_in').linear(module.op('Reshape', [last, module.ints([-1, channels])], 'rows'), { from: channels, to: inner });
  const blockRows = addTransformerBlock(module.at('transformer_blocks.0'), { value: rows, length: frames, width: inner }, { heads });
  const projected = module.at('proj_out').linear(blockRows, { from: inner, to: channels });
  const shaped = module.op('Reshape', [projected, module.ints([-1, height, width, frames, channels])], 'shaped');
  const back = module.op('Transpose', [shaped], 'frames_first', { perm: { ints: [0, 3, 4, 1, 2] } });
  const batch = module.op('Reshape', [back, module.ints([-1, channels, height, width])], 'pictures');
  return { ...pictures, value: module.op('Add', [batch, pictures.value], 'output') };
}
