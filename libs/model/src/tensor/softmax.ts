/** Softmax over all values, shifted by the maximum so that nothing overflows; −∞ becomes 0. An empty input stays empty. */
export function softmax(logits: Float32Array): Float32Array {
  const probabilities = new Float32Array(logits.length);
  const peak = maximum(logits);
  let total = 0;
  for (let index = 0; index < logits.length; index++) {
    const weight = Math.exp((logits[index] ?? 0) - peak);
    probabilities[index] = weight;
    total += weight;
  }
  for (let index = 0; index < probabilities.length; index++) probabilities[index] = (probabilities[index] ?? 0) / total;
  return probabilities;
}

function maximum(values: Float32Array): number {
  let peak = -Infinity;
  for (const value of values) if (value > peak) peak = value;
  return peak;
}
