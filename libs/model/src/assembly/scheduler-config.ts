import { z } from 'zod';
import type { BundleManifest } from '../bundle/bundle-schema.js';
import { readComponentConfig } from './component-config.js';
import type { ConfigFile } from './component-config.js';

/** The solvers that a film can be made with. */
export type SolverName = BundleManifest['film']['defaults']['solver'];

/** What the manifest says of a film model's noise. */
export interface FilmSchedule {
  readonly schedule: BundleManifest['film']['schedule'];
  readonly solver: SolverName;
}

const CLASSES = { DDIMScheduler: 'ddim', DPMSolverMultistepScheduler: 'dpmsolver++' } as const;
/** Where diffusers puts the steps when the file does not say: it goes by the class that reads the file. */
const SPACINGS = { ddim: 'leading', 'dpmsolver++': 'linspace' } as const;

const no = z.literal(false).default(false);
const common = z.object({
  _class_name: z.enum(['DDIMScheduler', 'DPMSolverMultistepScheduler']),
  num_train_timesteps: z.number().int().positive().default(1000),
  beta_schedule: z.enum(['squaredcos_cap_v2', 'scaled_linear', 'linear']).default('linear'),
  beta_start: z.number().positive().default(0.0001),
  beta_end: z.number().positive().default(0.02),
  trained_betas: z.null().default(null),
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
  steps_offset: z.number().int().min(0).default(0),
  thresholding: no,
  rescale_betas_zero_snr: no,
});
const ddim = z.object({ clip_sample: z.literal(false), set_alpha_to_one: z.boolean().default(true) });
const dpmSolver = z.object({
  algorithm_type: z.literal('dpmsolver++').default('dpmsolver++'),
  solver_order: z.literal(2).default(2),
  solver_type: z.literal('midpoint').default('midpoint'),
  final_sigmas_type: z.literal('zero').default('zero'),
  lower_order_final: z.literal(true).default(true),
  use_karras_sigmas: no,
  use_lu_lambdas: no,
  use_exponential_sigmas: no,
  use_beta_sigmas: no,
  use_flow_sigmas: no,
  lambda_min_clipped: z.null().default(null),
});

/**
 * scheduler/scheduler_config.json of diffusers, for the solver that its class names or for `asked`, as `from_config` of that class reads
 * it. Throws `artifact_corrupt` naming file, field, expected and found for what the solvers do not do.
 */
export function readSchedulerConfig({ name, text }: ConfigFile, asked?: SolverName): FilmSchedule {
  // Python writes infinities that JSON does not have: here the bound that bounds nothing.
  const file = { name, text: text.replace(/:\s*-Infinity\b/g, ': null') };
  const config = readComponentConfig(file, common);
  const solver = asked ?? CLASSES[config._class_name];
  const ends = solver === 'ddim' ? { finalAlphaOne: readComponentConfig(file, ddim).set_alpha_to_one } : {};
  if (solver !== 'ddim') readComponentConfig(file, dpmSolver);
  const schedule = {
    trainSteps: config.num_train_timesteps,
    betas: config.beta_schedule,
    betaStart: config.beta_start,
    betaEnd: config.beta_end,
    prediction: config.prediction_type,
    spacing: config.timestep_spacing ?? SPACINGS[solver],
    offset: config.steps_offset,
    ...ends,
  };
  return { solver, schedule };
}
