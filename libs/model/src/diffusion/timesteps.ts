import { DomainError } from '@gpt4video/ports/errors';
import { roundHalfToEven } from '../tensor/round-half-to-even.js';

/** Where the steps of a short run lie among the training steps (Lin et al. 2023, table 2). */
export type TimestepSpacing = 'leading' | 'trailing' | 'linspace';

/** What decides the steps. */
export interface TimestepOptions {
  readonly trainSteps: number;
  /** Steps of the run, 1 to `trainSteps`. */
  readonly steps: number;
  readonly spacing: TimestepSpacing;
  /** Added to `leading` steps; 0 by default. */
  readonly offset?: number | undefined;
}

/** Training steps that DDIM visits, from noise to film, as in diffusers. Throws `invalid_request` when `steps` is out of range. */
export function ddimTimesteps(options: TimestepOptions): number[] {
  checkSteps(options);
  const { trainSteps, steps, spacing, offset = 0 } = options;
  const last = trainSteps - 1;
  if (spacing === 'trailing') return trailing(options);
  if (spacing === 'linspace') return countDown(steps, (index) => (steps === 1 ? 0 : roundHalfToEven((last * index) / (steps - 1))));
  const stride = Math.floor(trainSteps / steps);
  return countDown(steps, (index) => inRange(index * stride + offset, trainSteps));
}

/** Training steps that DPM-Solver++ visits, as in diffusers: the end of the interval, step 0, is left to the last update. */
export function multistepTimesteps(options: TimestepOptions): number[] {
  checkSteps(options);
  const { trainSteps, steps, spacing, offset = 0 } = options;
  if (spacing === 'trailing') return trailing(options);
  if (spacing === 'linspace') return countDown(steps, (index) => roundHalfToEven(((trainSteps - 1) * (index + 1)) / steps));
  const stride = Math.floor(trainSteps / (steps + 1));
  return countDown(steps, (index) => inRange((index + 1) * stride + offset, trainSteps));
}

function trailing({ trainSteps, steps }: TimestepOptions): number[] {
  return countDown(steps, (index) => roundHalfToEven((trainSteps * (index + 1)) / steps) - 1);
}

function countDown(steps: number, at: (index: number) => number): number[] {
  return Array.from({ length: steps }, (_, index) => at(steps - 1 - index));
}

function inRange(step: number, trainSteps: number): number {
  return Math.min(step, trainSteps - 1);
}

function checkSteps({ steps, trainSteps }: TimestepOptions): void {
  if (Number.isInteger(steps) && steps >= 1 && steps <= trainSteps) return;
  throw new DomainError('invalid_request', `A film takes a whole number of steps from 1 to ${trainSteps}, found ${steps}.`, { param: 'steps' });
}
