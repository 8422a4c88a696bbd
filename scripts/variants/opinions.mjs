// What a model expects next, as natural logarithms of probabilities over the vocabulary.

/** Logits -> log probabilities. */
export function logProbabilities(logits) {
  let top = -Infinity;
  for (const value of logits) top = Math.max(top, value);
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - top);
  const scale = top + Math.log(sum);
  return Float32Array.from(logits, (value) => value - scale);
}

/** Kullback–Leibler divergence of `other` from `one`, in nats. */
export function divergence(one, other) {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += Math.exp(one[index]) * (one[index] - other[index]);
  return sum;
}
