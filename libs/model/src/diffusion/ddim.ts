import { DomainError } from '@gpt4video/ports/errors';
import { signalAndNoise } from './noise-schedule.js';
import { cleanFrom, noiseFrom } from './prediction.js';
import type { Solver, SolverOptions, SolverState } from './solver.js';
import { ddimTimesteps } from './timesteps.js';

/** Options of DDIM. */
export interface DdimOptions extends SolverOptions {
  /** True: the last step ends without noise at all; false: at the noise of training step 0. True by default. */
  readonly finalAlphaOne?: boolean | undefined;
}

/**
 * DDIM (Song et al. 2020, eq. 12, η = 0), as `DDIMScheduler` of diffusers with `clip_sample` off.
 * Throws `invalid_request` when the number of steps is out of range.
 */
export function createDdim(options: DdimOptions): Solver {
  const { schedule, steps, prediction: type, spacing = 'trailing', offset, finalAlphaOne = true } = options;
  const timesteps = ddimTimesteps({ trainSteps: schedule.trainSteps, steps, spacing, offset });
  const stride = Math.floor(schedule.trainSteps / steps);

  const target = (timestep: number): { alpha: number; sigma: number } => {
    const previous = timestep - stride;
    if (previous >= 0) return signalAndNoise(schedule, previous);
    return finalAlphaOne ? { alpha: 1, sigma: 0 } : signalAndNoise(schedule, 0);
  };

  return {
    timesteps,
    start: (noise) => ({ index: 0, sample: noise }),
    step({ index, sample }: SolverState, prediction: Float32Array): SolverState {
      const timestep = timesteps[index];
      if (timestep === undefined) throw new DomainError('internal', `Step ${index} of a run of ${steps}; start a new one.`);
      const now = signalAndNoise(schedule, timestep);
      const clean = cleanFrom(type, { sample, prediction, ...now });
      // Where a denoiser predicts the noise, its own word is exact; dividing by a small σ would not be.
      const noise = type === 'epsilon' ? prediction : noiseFrom(clean, { sample, ...now });
      const next = target(timestep);
      return { index: index + 1, sample: clean.map((value, at) => next.alpha * value + next.sigma * (noise[at] ?? 0)) };
    },
  };
}
