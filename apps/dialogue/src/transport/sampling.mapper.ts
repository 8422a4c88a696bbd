import type { Sampling } from '@gpt4video/contracts/gen/gpt4video/dialogue/v1/dialogue_service';
import { DomainError } from '@gpt4video/ports/errors';
import type { Turn } from '../core/turn.js';

const MAX_TEMPERATURE = 2;
const MAX_STOPS = 16;

/**
 * How tokens are chosen. Without a sampling message the bundle decides; in one, a field that can never be 0 (top_p,
 * repetition_penalty, max_tokens) stands for the bundle's default when it is. Throws `invalid_request` naming the field.
 */
export function samplingOf(wire: Sampling | undefined): Pick<Turn, 'sampling' | 'maxTokens' | 'stop'> {
  if (wire === undefined) return { sampling: {}, stop: [] };
  const { temperature, topP, topK, repetitionPenalty, seed, maxTokens, stop } = wire;
  check(temperature >= 0 && temperature <= MAX_TEMPERATURE, 'temperature', `must be 0 to ${MAX_TEMPERATURE}`);
  check(topP >= 0 && topP <= 1, 'top_p', 'must be above 0 and at most 1');
  check(Number.isSafeInteger(topK) && topK >= 0, 'top_k', 'must be a whole number from 0');
  check(repetitionPenalty >= 0 && Number.isFinite(repetitionPenalty), 'repetition_penalty', 'must be above 0');
  check(Number.isSafeInteger(seed), 'seed', 'must be a whole number within ±2^53');
  check(Number.isSafeInteger(maxTokens) && maxTokens >= 0, 'max_tokens', 'must be a whole number from 1');
  check(stop.length <= MAX_STOPS && stop.every((text) => text !== ''), 'stop', `must be at most ${MAX_STOPS} strings, none of them empty`);
  const sampling = { temperature, topK, seed, ...(topP === 0 ? {} : { topP }), ...(repetitionPenalty === 0 ? {} : { repetitionPenalty }) };
  return { sampling, stop, ...(maxTokens === 0 ? {} : { maxTokens }) };
}

function check(holds: boolean, field: string, rule: string): void {
  if (!holds) throw new DomainError('invalid_request', `The field "sampling.${field}" ${rule}.`, { param: `sampling.${field}` });
}
