import type { ModuleScope } from './module-scope.js';
import { addSilu } from './normalisation.js';

/** Sizes of the embedding. */
export interface TimestepEmbedding {
  /** Cosines and sines, half each. */
  readonly waves: number;
  /** Width of the embedding. */
  readonly width: number;
  readonly frames: number;
}

const MAX_PERIOD = 10_000;

/**
 * Timesteps `[videos]` → activated embedding `[videos × frames, width]`: cosines and sines of falling frequency (`flip_sin_to_cos`,
 * no shift), then the module's two projections. Every residual block takes its SiLU, so that it is taken once.
 */
export function addTimestepEmbedding(module: ModuleScope, timesteps: string, { waves, width, frames }: TimestepEmbedding): string {
  const half = waves / 2;
  // Rounded to float32 at each step, as the reference implementation does: at timestep 999 the last bit shows.
  const exponent = Math.fround(-Math.log(MAX_PERIOD));
  const frequencies = Float32Array.from({ length: half }, (_, index) => Math.exp(Math.fround(Math.fround(exponent * index) / half)));
  const column = module.op('Reshape', [timesteps, module.ints([-1, 1])], 'column');
  const angles = module.op('Mul', [column, module.floats('timestep.frequencies', frequencies, [1, half])], 'angles');
  const sinusoid = module.op('Concat', [module.op('Cos', [angles], 'cosines'), module.op('Sin', [angles], 'sines')], 'sinusoid', { axis: { int: 1 } });
  const hidden = addSilu(module, module.at('linear_1').linear(sinusoid, { from: waves, to: width }));
  const embedding = addSilu(module, module.at('linear_2').linear(hidden, { from: width, to: width }), 'active');
  const single = module.op('Reshape', [embedding, module.ints([-1, 1, width])], 'single');
  const repeated = module.op('Expand', [single, module.ints([1, frames, 1])], 'repeated');
  return module.op('Reshape', [repeated, module.ints([-1, width])], 'every_frame');
}
