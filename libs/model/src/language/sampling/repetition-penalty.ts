/**
 * Makes tokens that occurred less likely (CTRL, Keskar et al. 2019): a positive logit is divided by the penalty, a negative
 * one multiplied. Returns new logits; 1 changes nothing. Ids beyond the vocabulary are ignored.
 */
export function penalizeRepetition(logits: Float32Array, seen: Iterable<number>, penalty: number): Float32Array {
  const penalized = logits.slice();
  if (penalty === 1) return penalized;
  for (const id of new Set(seen)) {
    const logit = logits[id];
    if (logit !== undefined) penalized[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return penalized;
}
