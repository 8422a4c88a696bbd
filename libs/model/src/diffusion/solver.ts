import type { NoiseSchedule } from './noise-schedule.js';
import type { PredictionType } from './prediction.js';
import type { TimestepSpacing } from './timesteps.js';

/** A film on its way; immutable, each step makes a new one. */
export interface SolverState {
  /** Steps done, and index of the next. */
  readonly index: number;
  /** The noisy sample. */
  readonly sample: Float32Array;
  /** Clean sample that the step before implied, for solvers with a memory. */
  readonly previousClean?: Float32Array;
}

/** One algorithm that turns noise into a sample, step by step. Holds no state. */
export interface Solver {
  /** Training step of each step, falling; its length is the number of steps. */
  readonly timesteps: readonly number[];
  /** The state before the first step; initial noise has unit variance. */
  start(noise: Float32Array): SolverState;
  /** One step with the denoiser's prediction for `state.sample` at `timesteps[state.index]`. Throws `internal` past the end. */
  step(state: SolverState, prediction: Float32Array): SolverState;
}

/** What every solver needs to know. */
export interface SolverOptions {
  readonly schedule: NoiseSchedule;
  readonly steps: number;
  readonly prediction: PredictionType;
  /** `trailing` by default: it starts at the last training step, where there is no signal left. */
  readonly spacing?: TimestepSpacing | undefined;
  /** Added to `leading` steps; 0 by default. */
  readonly offset?: number | undefined;
}
