import type { WeightPrecision } from '@gpt4video/model/tensor/encoded-pieces';
import { DomainError } from '@gpt4video/ports/errors';

/** The precision that was asked for, float32 when none was. Throws `invalid_request` for one that is not known. */
export function chosenPrecision(asked: string | undefined): WeightPrecision {
  if (asked === undefined || asked === 'float32') return 'float32';
  if (asked === 'float16') return asked;
  throw new DomainError('invalid_request', `The precision "${asked}" is not known here; choose float32 or float16.`);
}
