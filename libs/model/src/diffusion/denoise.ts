import { DomainError } from '@gpt4video/ports/errors';
import type { Solver } from './solver.js';

/** The denoiser: its prediction for the sample at a training step, guidance included; same length as the sample. */
export type Predict = (sample: Float32Array, timestep: number, signal: AbortSignal) => Promise<Float32Array>;

/** One run. */
export interface DenoiseRequest {
  readonly solver: Solver;
  /** Initial noise of unit variance. */
  readonly noise: Float32Array;
  readonly predict: Predict;
  /** Called after each step with the steps done and the steps in all. */
  readonly onStep?: (step: number, steps: number) => void;
  readonly signal: AbortSignal;
}

/** The denoising loop: from noise to the clean sample. Stops at a step boundary with `cancelled` when the signal fires. */
export async function denoise({ solver, noise, predict, onStep, signal }: DenoiseRequest): Promise<Float32Array> {
  const steps = solver.timesteps.length;
  let state = solver.start(noise);
  for (const timestep of solver.timesteps) {
    throwIfAborted(signal);
    const prediction = await predict(state.sample, timestep, signal);
    throwIfAborted(signal);
    state = solver.step(state, prediction);
    onStep?.(state.index, steps);
  }
  return state.sample;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DomainError('cancelled', 'The film was cancelled.', { cause: signal.reason });
}
