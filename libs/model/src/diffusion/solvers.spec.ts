import { readFileSync } from 'node:fs';
import { createDdim } from './ddim.js';
import { createDpmSolver } from './dpm-solver-multistep.js';
import { createNoiseSchedule, signalAndNoise } from './noise-schedule.js';
import type { NoiseScheduleOptions } from './noise-schedule.js';
import type { PredictionType } from './prediction.js';
import type { TimestepSpacing } from './timesteps.js';

interface Run {
  readonly solver: 'ddim' | 'dpmsolver++';
  readonly betas: NoiseScheduleOptions['betas'];
  readonly prediction: PredictionType;
  readonly spacing: TimestepSpacing;
  readonly offset: number;
  readonly steps: number;
  readonly finalAlphaOne?: boolean;
  readonly timesteps: number[];
  readonly sums: number[];
  readonly sample: number[];
}

interface Golden {
  readonly options: Record<string, { readonly beta_start?: number; readonly beta_end?: number }>;
  readonly schedules: Record<string, { readonly at: number[]; readonly alphasCumprod: number[] }>;
  readonly runs: Run[];
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/schedulers.json', import.meta.url), 'utf8')) as Golden;
const SIZE = 24;

function scheduleOf(betas: NoiseScheduleOptions['betas']) {
  const { beta_start: betaStart, beta_end: betaEnd } = golden.options[betas] ?? {};
  return createNoiseSchedule({ trainSteps: 1000, betas, betaStart, betaEnd });
}

/** The deterministic denoiser of training/golden/schedulers.py. */
const dummy = (sample: Float32Array, timestep: number) => sample.map((value) => Math.sin(value * 1.7) * 0.8 + value * 0.3 * Math.cos(timestep / 200));

function solverOf({ solver, betas, prediction, spacing, offset, steps, finalAlphaOne }: Run) {
  const options = { schedule: scheduleOf(betas), prediction, spacing, offset, steps };
  return solver === 'ddim' ? createDdim({ ...options, finalAlphaOne }) : createDpmSolver(options);
}

/** Largest difference, relative where values exceed 1. */
const worst = (values: ArrayLike<number>, expected: readonly number[]) =>
  expected.reduce((most, value, index) => Math.max(most, Math.abs((values[index] ?? NaN) - value) / Math.max(1, Math.abs(value))), 0);

describe('createNoiseSchedule', () => {
  it.each(Object.entries(golden.schedules))('%s equals diffusers', (betas, { at, alphasCumprod }) => {
    const schedule = scheduleOf(betas as NoiseScheduleOptions['betas']);
    at.forEach((step, index) => {
      const expected = alphasCumprod[index] ?? NaN;
      expect(Math.abs((schedule.alphasCumprod[step] ?? NaN) - expected)).toBeLessThanOrEqual(2e-6 * expected);
    });
  });

  it('falls from signal to noise', () => {
    const { alphasCumprod } = scheduleOf('squaredcos_cap_v2');
    alphasCumprod.forEach((value, step) => step > 0 && expect(value).toBeLessThan(alphasCumprod[step - 1] ?? 0));
    const { alpha, sigma } = signalAndNoise(scheduleOf('linear'), 500);
    expect(alpha ** 2 + sigma ** 2).toBeCloseTo(1, 12);
  });

  it.each([0, -1, 1.5])('refuses %d training steps', (trainSteps) => expect(() => createNoiseSchedule({ trainSteps, betas: 'linear' })).toThrow('training steps from 1'));
  it('knows no step beyond', () => expect(() => signalAndNoise(scheduleOf('linear'), 1000)).toThrow('no training step 1000; the schedule has 0 to 999'));
});

describe('solvers equal diffusers', () => {
  it.each(golden.runs)('$solver $betas $prediction $spacing, $steps steps', (run) => {
    const solver = solverOf(run);
    expect(solver.timesteps).toEqual(run.timesteps);
    let state = solver.start(Float32Array.from({ length: SIZE }, (_, index) => Math.cos(index * 0.9) * 1.4));
    const sums = solver.timesteps.map((timestep) => {
      state = solver.step(state, dummy(state.sample, timestep));
      return state.sample.reduce((sum, value) => sum + value, 0);
    });
    expect(worst(state.sample, run.sample)).toBeLessThanOrEqual(1e-5);
    expect(worst(sums, run.sums)).toBeLessThanOrEqual(SIZE * 1e-5);
  });
});

describe('solvers', () => {
  const options = { schedule: scheduleOf('squaredcos_cap_v2'), prediction: 'v_prediction', steps: 5 } as const;

  it.each([createDdim, createDpmSolver])('find the film at once when the denoiser is perfect (%#)', (create) => {
    const film = Float32Array.from({ length: SIZE }, (_, index) => Math.sin(index));
    const solver = create({ ...options, prediction: 'sample' });
    let state = solver.start(film.map((_, index) => Math.cos(index * 3)));
    for (const _ of solver.timesteps) state = solver.step(state, film);
    expect(worst(state.sample, [...film])).toBeLessThan(1e-5);
  });

  it.each([createDdim, createDpmSolver])('leave the state that they are given alone (%#)', (create) => {
    const noise = Float32Array.of(1, -1);
    const prediction = Float32Array.of(0.5, 0.5);
    const solver = create(options);
    const start = solver.start(noise);
    expect(solver.step(start, prediction)).toEqual(solver.step(start, prediction));
    expect([noise, prediction, start.index]).toEqual([Float32Array.of(1, -1), Float32Array.of(0.5, 0.5), 0]);
  });

  it.each([createDdim, createDpmSolver])('refuse a wrong length, a step too many, and step counts out of range (%#)', (create) => {
    const solver = create({ ...options, steps: 1 });
    const done = solver.step(solver.start(new Float32Array(2)), new Float32Array(2));
    expect(() => solver.step(solver.start(new Float32Array(2)), new Float32Array(3))).toThrow('answered with 3 values for a sample of 2');
    expect(() => solver.step(done, new Float32Array(2))).toThrow('Step 1 of a run of 1');
    for (const steps of [0, 1001, 2.5]) expect(() => create({ ...options, steps })).toThrow('whole number of steps from 1 to 1000');
  });
});
