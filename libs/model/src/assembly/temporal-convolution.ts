import { addConvolution } from './convolution.js';
import type { ModuleScope } from './module-scope.js';
import { addGroupNorm, addSilu } from './normalisation.js';
import { toPictures, toVideo } from './video-layout.js';
import type { Pictures } from './video-layout.js';

/** Steps of the module, and the place of the convolution within each. */
const STEPS = [
  ['conv1', '2'],
  ['conv2', '3'],
  ['conv3', '3'],
  ['conv4', '3'],
] as const;
const EPSILON = 1e-5;

/** `TemporalConvLayer` of diffusers (ModelScope): four convolutions over three neighbouring frames, added to the input. */
export function addTemporalConvolution(module: ModuleScope, pictures: Pictures, { frames, groups }: { readonly frames: number; readonly groups: number }): Pictures {
  const { channels, height, width } = pictures;
  const video = toVideo(module, pictures, frames);
  let hidden = video;
  for (const [name, place] of STEPS) {
    const step = module.at(name);
    const active = addSilu(step, addGroupNorm(step.at('0'), hidden, { groups, epsilon: EPSILON, shape: [channels, frames, height, width] }));
    hidden = addConvolution(step.at(place), active, { from: channels, to: channels, kernel: [3, 1, 1] });
  }
  return toPictures(module, module.op('Add', [video, hidden], 'sum'), pictures);
}
