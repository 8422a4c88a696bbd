/** Logits divided by the temperature, above 0: below 1 sharpens, above 1 flattens. */
export function scaleByTemperature(logits: Float32Array, temperature: number): Float32Array {
  return logits.map((logit) => logit / temperature);
}
