import { addConvolution } from './convolution.js';
import type { ModuleScope } from './module-scope.js';
import { addGroupNorm, addSilu } from './normalisation.js';
import type { Pictures } from './video-layout.js';

/** What a residual block needs. */
export interface ResnetBlock {
  /** Channels that leave it. */
  readonly to: number;
  readonly groups: number;
  readonly epsilon: number;
  /** The activated timestep embedding, `[pictures, width]`; absent in an autoencoder. */
  readonly time?: { readonly value: string; readonly width: number } | undefined;
}

/** `ResnetBlock2D` of diffusers: norm, SiLU, convolution, twice, the timestep added between; a 1×1 convolution where channels change. */
export function addResnetBlock(module: ModuleScope, pictures: Pictures, { to, groups, epsilon, time }: ResnetBlock): Pictures {
  const { channels: from, height, width } = pictures;
  const convolve = (index: 1 | 2, input: string, channels: number): string => {
    const active = addSilu(module, addGroupNorm(module.at(`norm${index}`), input, { groups, epsilon, shape: [channels, height, width] }), `silu${index}`);
    return addConvolution(module.at(`conv${index}`), active, { from: channels, to, kernel: [3, 3] });
  };
  const first = convolve(1, pictures.value, from);
  const second = convolve(2, time === undefined ? first : addTime(module, first, { time, to }), to);
  const shortcut = from === to ? pictures.value : addConvolution(module.at('conv_shortcut'), pictures.value, { from, to, kernel: [1, 1] });
  return { value: module.op('Add', [shortcut, second], 'sum'), channels: to, height, width };
}

function addTime(module: ModuleScope, input: string, { time, to }: { readonly time: { readonly value: string; readonly width: number }; readonly to: number }): string {
  const rows = module.at('time_emb_proj').linear(time.value, { from: time.width, to });
  const shaped = module.op('Reshape', [rows, module.ints([-1, to, 1, 1])], 'time');
  return module.op('Add', [input, shaped], 'timed');
}
