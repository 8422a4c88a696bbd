/** The logits of these ids; −∞ elsewhere. */
export function keepOnly(logits: Float32Array, ids: readonly number[]): Float32Array {
  const kept = new Float32Array(logits.length).fill(-Infinity);
  for (const id of ids) kept[id] = logits[id] ?? -Infinity;
  return kept;
}
