import { softmax } from '../../tensor/softmax.js';
import { descending } from '../../tensor/top-k.js';
import { keepOnly } from './keep-only.js';

/**
 * Nucleus sampling (Holtzman et al. 2020): keeps the fewest likeliest tokens whose probabilities reach `mass`, at least one,
 * and sets the rest to −∞; 1 keeps all. Ties go to the lowest id.
 */
export function keepTopP(logits: Float32Array, mass: number): Float32Array {
  if (mass >= 1) return logits.slice();
  const probabilities = softmax(logits);
  const kept: number[] = [];
  let total = 0;
  for (const id of descending(probabilities)) {
    kept.push(id);
    total += probabilities[id] ?? 0;
    if (total >= mass) break;
  }
  return keepOnly(logits, kept);
}
