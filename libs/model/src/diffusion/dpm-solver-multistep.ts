import { DomainError } from '@gpt4video/ports/errors';
import { signalAndNoise } from './noise-schedule.js';
import { cleanFrom } from './prediction.js';
import type { Solver, SolverOptions, SolverState } from './solver.js';
import { multistepTimesteps } from './timesteps.js';

interface Level {
  readonly alpha: number;
  readonly sigma: number;
  /** Half the log of the signal-to-noise ratio. */
  readonly lambda: number;
}

/**
 * DPM-Solver++ multistep of second order, midpoint form (Lu et al. 2022, algorithm 2), as `DPMSolverMultistepScheduler` of
 * diffusers with `final_sigmas_type` zero. Throws `invalid_request` when the number of steps is out of range.
 */
export function createDpmSolver(options: SolverOptions): Solver {
  const { schedule, steps, prediction: type, spacing = 'trailing', offset } = options;
  const timesteps = multistepTimesteps({ trainSteps: schedule.trainSteps, steps, spacing, offset });
  const levels = [...timesteps.map((timestep) => levelOf(signalAndNoise(schedule, timestep))), levelOf({ alpha: 1, sigma: 0 })];

  return {
    timesteps,
    start: (noise) => ({ index: 0, sample: noise }),
    step({ index, sample, previousClean }: SolverState, prediction: Float32Array): SolverState {
      const [before, now, next] = [levels[index - 1], levels[index], levels[index + 1]];
      if (now === undefined || next === undefined) throw new DomainError('internal', `Step ${index} of a run of ${steps}; start a new one.`);
      const clean = cleanFrom(type, { sample, prediction, ...now });
      // The last level has no noise, λ = ∞: only the first-order update is defined there.
      const first = before === undefined || previousClean === undefined || index === steps - 1;
      const direction = first ? clean : secondOrder({ clean, previousClean, before, now, next });
      return { index: index + 1, sample: update(sample, direction, now, next), previousClean: clean };
    },
  };
}

function levelOf({ alpha, sigma }: { readonly alpha: number; readonly sigma: number }): Level {
  return { alpha, sigma, lambda: Math.log(alpha) - Math.log(sigma) };
}

/** x' = (σ'/σ)·x − α'·(e^−h − 1)·direction, with h = λ' − λ. */
function update(sample: Float32Array, direction: Float32Array, now: Level, next: Level): Float32Array {
  const keep = next.sigma / now.sigma;
  const move = -next.alpha * Math.expm1(now.lambda - next.lambda);
  return sample.map((value, index) => keep * value + move * (direction[index] ?? 0));
}

interface SecondOrder {
  readonly clean: Float32Array;
  readonly previousClean: Float32Array;
  readonly before: Level;
  readonly now: Level;
  readonly next: Level;
}

/** The clean sample extrapolated half a step ahead: D0 + D1/2. */
function secondOrder({ clean, previousClean, before, now, next }: SecondOrder): Float32Array {
  const ratio = (now.lambda - before.lambda) / (next.lambda - now.lambda);
  return clean.map((value, index) => value + (0.5 / ratio) * (value - (previousClean[index] ?? 0)));
}
