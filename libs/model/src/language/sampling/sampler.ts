import { DomainError } from '@gpt4video/ports/errors';
import type { SamplingOptions } from '@gpt4video/ports/language-model';
import { createRandom } from '../../random/random.js';
import type { Random } from '../../random/random.js';
import { softmax } from '../../tensor/softmax.js';
import { argmax } from '../../tensor/top-k.js';
import { penalizeRepetition } from './repetition-penalty.js';
import { scaleByTemperature } from './temperature.js';
import { keepTopK } from './top-k.js';
import { keepTopP } from './top-p.js';

/** Chooses tokens one after another; remembers what it chose, for the repetition penalty. */
export interface Sampler {
  /** The next id from logits `[vocabulary]`, which stay untouched. Throws `internal` when the logits hold no finite value. */
  choose(logits: Float32Array): number;
}

/**
 * Repetition penalty → temperature → top-k → top-p → a draw from the seed; temperature 0 takes the likeliest, ties to the
 * lowest id. `promptIds` count as seen. Throws `invalid_request` naming the option that is out of range.
 */
export function createSampler(options: SamplingOptions, promptIds: readonly number[]): Sampler {
  checkOptions(options);
  const random = createRandom(options.seed);
  const seen = new Set(promptIds);
  return {
    choose(logits) {
      const id = chooseOne(penalizeRepetition(logits, seen, options.repetitionPenalty), options, random);
      seen.add(id);
      return id;
    },
  };
}

function chooseOne(logits: Float32Array, { temperature, topK, topP }: SamplingOptions, random: Random): number {
  const best = argmax(logits);
  if (!Number.isFinite(logits[best] ?? NaN)) throw new DomainError('internal', 'The language model gave no finite logit; check its weights.');
  if (temperature === 0) return best;
  const kept = keepTopP(keepTopK(scaleByTemperature(logits, temperature), topK), topP);
  return draw(softmax(kept), random);
}

function draw(probabilities: Float32Array, random: Random): number {
  let rest = random.float();
  let last = 0;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id] ?? 0;
    if (probability === 0) continue;
    if (rest < probability) return id;
    rest -= probability;
    last = id;
  }
  // Rounding can leave a crumb of mass after the last token.
  return last;
}

function checkOptions({ temperature, topK, topP, repetitionPenalty }: SamplingOptions): void {
  const rules: readonly [string, boolean, string][] = [
    ['temperature', temperature >= 0 && Number.isFinite(temperature), 'a number from 0'],
    ['top_p', topP > 0 && topP <= 1, 'above 0, at most 1'],
    ['top_k', Number.isInteger(topK) && topK >= 0, 'a whole number from 0'],
    ['repetition_penalty', repetitionPenalty > 0 && Number.isFinite(repetitionPenalty), 'a number above 0'],
  ];
  for (const [param, fine, expected] of rules) {
    if (!fine) throw new DomainError('invalid_request', `"${param}" must be ${expected}.`, { param });
  }
}
