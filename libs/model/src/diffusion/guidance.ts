import { DomainError } from '@gpt4video/ports/errors';

/**
 * Classifier-free guidance (Ho and Salimans 2022): unconditional + scale·(conditional − unconditional), same length.
 * Scale 1 is the conditional prediction, 0 the unconditional. Throws `internal` when lengths differ.
 */
export function guide(unconditional: Float32Array, conditional: Float32Array, scale: number): Float32Array {
  if (unconditional.length !== conditional.length) {
    throw new DomainError('internal', `Guidance needs two predictions of one length, found ${unconditional.length} and ${conditional.length}.`);
  }
  return unconditional.map((value, index) => value + scale * ((conditional[index] ?? 0) - value));
}

/** True when the unconditional prediction counts; otherwise half the work can be saved. */
export function needsGuidance(scale: number): boolean {
  return scale !== 1;
}
