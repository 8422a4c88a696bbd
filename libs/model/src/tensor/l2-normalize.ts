import type { FloatTensor } from './tensor.js';

/** Scales each row of the last axis to Euclidean length 1; `[..., width]` in and out. A row of zeros stays zero. */
export function l2Normalize(tensor: FloatTensor): FloatTensor {
  const width = tensor.shape.at(-1) ?? 1;
  const data = new Float32Array(tensor.data.length);
  for (let start = 0; start < data.length; start += width) {
    const norm = lengthOf(tensor.data.subarray(start, start + width));
    for (let index = start; index < start + width; index++) data[index] = norm === 0 ? 0 : (tensor.data[index] ?? 0) / norm;
  }
  return { shape: tensor.shape, data };
}

/** Cosine of the angle between two vectors of one length, −1 to 1; 0 when either is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let index = 0; index < a.length; index++) dot += (a[index] ?? 0) * (b[index] ?? 0);
  const scale = lengthOf(a) * lengthOf(b);
  return scale === 0 ? 0 : dot / scale;
}

function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
