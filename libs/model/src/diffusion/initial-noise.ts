import { createRandom } from '../random/random.js';
import { gaussian } from '../random/gaussian.js';
import { elementCount } from '../tensor/tensor.js';
import type { FloatTensor } from '../tensor/tensor.js';

/** Noise of unit variance from a seed, in the shape of the latents; the same seed and shape, the same noise. */
export function initialNoise(seed: number, shape: readonly number[]): FloatTensor {
  return { shape, data: gaussian(createRandom(seed), elementCount(shape)) };
}
