import { DomainError } from '@gpt4video/ports/errors';

/** How noise grows over the training steps. */
export interface NoiseScheduleOptions {
  readonly trainSteps: number;
  /** `squaredcos_cap_v2` needs no ends. */
  readonly betas: 'linear' | 'scaled_linear' | 'squaredcos_cap_v2';
  /** First β; 0.0001 by default (DDPM). */
  readonly betaStart?: number | undefined;
  /** Last β; 0.02 by default. */
  readonly betaEnd?: number | undefined;
}

/** An immutable noise schedule. */
export interface NoiseSchedule {
  readonly trainSteps: number;
  /** ᾱ by training step, `[trainSteps]`: the share of signal in the variance, falling. */
  readonly alphasCumprod: Float32Array;
}

/** Largest β of the cosine schedule (Nichol and Dhariwal 2021). */
const MAX_BETA = 0.999;

/** The schedule, with the roundings of diffusers: β and ᾱ in 32 bits, the running product in 64. Throws `internal` on a nonsensical option. */
export function createNoiseSchedule(options: NoiseScheduleOptions): NoiseSchedule {
  const { trainSteps } = options;
  if (!Number.isInteger(trainSteps) || trainSteps < 1) throw new DomainError('internal', `A noise schedule needs a whole number of training steps from 1, found ${trainSteps}.`);
  const alphasCumprod = new Float32Array(trainSteps);
  let product = 1;
  betasOf(options).forEach((beta, step) => {
    product *= Math.fround(1 - beta);
    alphasCumprod[step] = product;
  });
  return { trainSteps, alphasCumprod };
}

/** Amounts of signal α and noise σ at a training step: α² + σ² = 1. Throws `internal` when there is no such step. */
export function signalAndNoise({ alphasCumprod, trainSteps }: NoiseSchedule, step: number): { readonly alpha: number; readonly sigma: number } {
  const cumprod = alphasCumprod[step];
  if (cumprod === undefined) throw new DomainError('internal', `There is no training step ${step}; the schedule has 0 to ${trainSteps - 1}.`);
  return { alpha: Math.sqrt(cumprod), sigma: Math.sqrt(1 - cumprod) };
}

function betasOf({ betas, trainSteps, betaStart = 0.0001, betaEnd = 0.02 }: NoiseScheduleOptions): Float32Array {
  switch (betas) {
    case 'linear':
      return spread(betaStart, betaEnd, trainSteps);
    case 'scaled_linear':
      return spread(Math.sqrt(betaStart), Math.sqrt(betaEnd), trainSteps).map((root) => root * root);
    case 'squaredcos_cap_v2':
      return Float32Array.from({ length: trainSteps }, (_, step) => Math.min(1 - remaining((step + 1) / trainSteps) / remaining(step / trainSteps), MAX_BETA));
  }
}

function spread(start: number, end: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => (count === 1 ? start : start + ((end - start) * index) / (count - 1)));
}

function remaining(share: number): number {
  return Math.cos(((share + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
}
