import type { ModuleScope } from './module-scope.js';
import type { Pictures } from './video-layout.js';

/** Sizes of a convolution; it keeps height and width unless it has a stride. */
export interface Convolution {
  readonly from: number;
  readonly to: number;
  /** Odd numbers, one a dimension. */
  readonly kernel: readonly number[];
  readonly stride?: number;
  /** Begins, then ends of each dimension; half the kernel by default. */
  readonly pads?: readonly number[];
}

/** `Conv2d` or `Conv3d` with a bias: the module's tensors are `weight` and `bias`. */
export function addConvolution(module: ModuleScope, input: string, { from, to, kernel, stride = 1, pads }: Convolution): string {
  const half = kernel.map((size) => (size - 1) / 2);
  const attributes = { kernel_shape: { ints: kernel }, strides: { ints: kernel.map(() => stride) }, pads: { ints: pads ?? [...half, ...half] } };
  return module.op('Conv', [input, module.weight('weight', [to, from, ...kernel]), module.weight('bias', [to])], 'convolved', attributes);
}

/** `Downsample2D` of diffusers: a 3×3 convolution at every other place. `padding` 0 pads below and to the right only. */
export function addDownsample(module: ModuleScope, pictures: Pictures, padding: 0 | 1): Pictures {
  const { channels, height, width } = pictures;
  const value = addConvolution(module.at('conv'), pictures.value, { from: channels, to: channels, kernel: [3, 3], stride: 2, pads: [padding, padding, 1, 1] });
  const halved = (size: number): number => Math.floor((size + padding + 1 - 3) / 2) + 1;
  return { value, channels, height: halved(height), width: halved(width) };
}

/** `Upsample2D` of diffusers: each pixel repeated to fill the larger picture, then a 3×3 convolution. */
export function addUpsample(module: ModuleScope, pictures: Pictures, size: Pick<Pictures, 'height' | 'width'>): Pictures {
  const { channels } = pictures;
  const attributes = { mode: { text: 'nearest' }, coordinate_transformation_mode: { text: 'asymmetric' }, nearest_mode: { text: 'floor' }, axes: { ints: [2, 3] } };
  const larger = module.op('Resize', [pictures.value, '', '', module.ints([size.height, size.width])], 'larger', attributes);
  return { value: addConvolution(module.at('conv'), larger, { from: channels, to: channels, kernel: [3, 3] }), channels, height: size.height, width: size.width };
}
