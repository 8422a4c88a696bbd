import { DomainError } from '@gpt4video/ports/errors';

/** What the denoiser was trained to predict: the noise, the velocity v (Salimans and Ho 2022), or the clean sample. */
export type PredictionType = 'epsilon' | 'v_prediction' | 'sample';

/** A noisy sample x = α·clean + σ·noise and what the denoiser said of it. */
export interface PredictionInput {
  readonly sample: Float32Array;
  readonly prediction: Float32Array;
  readonly alpha: number;
  readonly sigma: number;
}

/** The clean sample that a prediction implies, same length. Throws `internal` when lengths differ. */
export function cleanFrom(type: PredictionType, { sample, prediction, alpha, sigma }: PredictionInput): Float32Array {
  if (sample.length !== prediction.length) {
    throw new DomainError('internal', `The denoiser answered with ${prediction.length} values for a sample of ${sample.length}; check that graph and bundle belong together.`);
  }
  const at = (index: number): number => prediction[index] ?? 0;
  switch (type) {
    case 'epsilon':
      return sample.map((value, index) => (value - sigma * at(index)) / alpha);
    case 'v_prediction':
      return sample.map((value, index) => alpha * value - sigma * at(index));
    case 'sample':
      return prediction.slice();
  }
}

/** The noise that goes with a clean sample: (x − α·clean)/σ. */
export function noiseFrom(clean: Float32Array, { sample, alpha, sigma }: Pick<PredictionInput, 'sample' | 'alpha' | 'sigma'>): Float32Array {
  return sample.map((value, index) => (value - alpha * (clean[index] ?? 0)) / sigma);
}
