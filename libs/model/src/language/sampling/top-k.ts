import { topK } from '../../tensor/top-k.js';
import { keepOnly } from './keep-only.js';

/** Keeps the `k` likeliest tokens and sets the rest to −∞; 0 keeps all. Ties go to the lowest id. */
export function keepTopK(logits: Float32Array, k: number): Float32Array {
  if (k <= 0 || k >= logits.length) return logits.slice();
  return keepOnly(logits, topK(logits, k));
}
