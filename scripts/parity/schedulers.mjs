// The film model's solvers with ZeroScope's scheduler_config.json, step by step.
import { createDdim } from '@gpt4video/model/diffusion/ddim';
import { createDpmSolver } from '@gpt4video/model/diffusion/dpm-solver-multistep';
import { createNoiseSchedule } from '@gpt4video/model/diffusion/noise-schedule';
import { readSchedulerConfig } from '@gpt4video/model/assembly/scheduler-config';
import { differenceFrom, differenceOf } from './harness/difference.mjs';
import { readCase } from './harness/fixture.mjs';
import { generatedTensor } from './harness/generated-file.mjs';

export const title = 'Solvers';

const CREATE = { ddim: createDdim, 'dpmsolver++': createDpmSolver };

export function run({ geometry }) {
  const { geometry: words, config, inputs, outputs } = readCase('schedulers', geometry);
  const { shape, data: noise } = generatedTensor({ name: 'latents', ...inputs.latents });
  return Object.entries(outputs).flatMap(([name, { timesteps, samples }]) => {
    const { schedule } = readSchedulerConfig({ name: 'scheduler_config.json', text: JSON.stringify(config) }, name);
    const solver = CREATE[name]({ ...schedule, schedule: createNoiseSchedule(schedule), steps: timesteps.length });
    let state = solver.start(noise);
    let largest = 0;
    solver.timesteps.forEach((timestep, step) => {
      state = solver.step(state, predict(state.sample, timestep));
      largest = Math.max(largest, differenceFrom(samples[step], { shape, data: state.sample }));
    });
    return [
      { what: `${name}: training steps`, geometry: words, difference: differenceOf(solver.timesteps, timesteps), tolerance: 0 },
      { what: `${name}: sample after each step`, geometry: words, difference: largest, tolerance: 1e-4 },
    ];
  });
}

/** The denoiser of training/parity/schedulers.py. */
function predict(sample, timestep) {
  return sample.map((value) => Math.sin(value * 1.7) * 0.8 + value * ((0.3 * timestep) / 1000));
}
