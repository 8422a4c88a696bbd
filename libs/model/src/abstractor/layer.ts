import type { TensorMap } from '@gpt4video/ports/model-session';
import { add, at, concatRows, matrixOf } from './matrix.js';
import type { Matrix } from './matrix.js';
import { weightMatrix } from './weights.js';

const NORM_EPSILON = 1e-5;
/** The norm inside the MLP is finer than the others in mPLUG-Owl's code. */
const INNER_NORM_EPSILON = 1e-6;

/**
 * One abstractor layer (mPLUG-Owl): queries `[Q, D]` attend to `[norm(queries); norm(features)]`, features `[K, D]`.
 * The residual is the normalised query, not the raw one. Weights are found under `prefix`.
 */
export function abstractorLayer(queries: Matrix, features: Matrix, layer: { readonly weights: TensorMap; readonly prefix: string; readonly heads: number }): Matrix {
  const { weights, prefix, heads } = layer;
  const through = (name: string, input: Matrix): Matrix => linear(input, weights, `${prefix}.${name}`);
  const normed = layerNorm(queries, weights, `${prefix}.norm1`);
  const source = concatRows(normed, layerNorm(features, weights, `${prefix}.normk`));
  const mixed = attention(through('query', normed), through('key', source), through('value', source), heads);
  const attended = add(normed, through('out', mixed));
  return add(attended, swiGlu(layerNorm(attended, weights, `${prefix}.norm2`), weights, `${prefix}.mlp`));
}

/** x·Wᵀ + b for every row; W is `[out, in]`. */
export function linear(input: Matrix, weights: TensorMap, name: string): Matrix {
  const weight = weightMatrix(weights, `${name}.weight`);
  const bias = weightMatrix(weights, `${name}.bias`);
  return matrixOf(input.rows, weight.rows, (row, column) => dotRows(input, row, weight, column) + (bias.data[column] ?? 0));
}

/** SiLU(w1 x)·(w3 x), normalised, then w2. */
function swiGlu(input: Matrix, weights: TensorMap, prefix: string): Matrix {
  const gate = linear(input, weights, `${prefix}.w1`);
  const value = linear(input, weights, `${prefix}.w3`);
  const gated = { ...gate, data: gate.data.map((x, index) => (x / (1 + Math.exp(-x))) * (value.data[index] ?? 0)) };
  return linear(layerNorm(gated, weights, `${prefix}.norm`, INNER_NORM_EPSILON), weights, `${prefix}.w2`);
}

function layerNorm(input: Matrix, weights: TensorMap, name: string, epsilon = NORM_EPSILON): Matrix {
  const gain = weightMatrix(weights, `${name}.weight`).data;
  const bias = weightMatrix(weights, `${name}.bias`).data;
  const data = new Float64Array(input.data.length);
  for (let start = 0; start < data.length; start += input.columns) {
    const row = input.data.subarray(start, start + input.columns);
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    row.forEach((value, index) => (data[start + index] = ((value - mean) / Math.sqrt(variance + epsilon)) * (gain[index] ?? 1) + (bias[index] ?? 0)));
  }
  return { ...input, data };
}

/** Multi-head attention, scale 1/√(width of a head), no mask. */
function attention(query: Matrix, key: Matrix, value: Matrix, heads: number): Matrix {
  const width = query.columns / heads;
  const output = matrixOf(query.rows, query.columns, () => 0);
  for (let head = 0; head < heads; head++) {
    const span = { start: head * width, end: (head + 1) * width };
    for (let row = 0; row < query.rows; row++) {
      const probabilities = softmax(Float64Array.from({ length: key.rows }, (_, column) => dotRows(query, row, key, column, span) / Math.sqrt(width)));
      for (let column = span.start; column < span.end; column++) {
        output.data[row * output.columns + column] = probabilities.reduce((sum, probability, source) => sum + probability * at(value, source, column), 0);
      }
    }
  }
  return output;
}

function softmax(scores: Float64Array): Float64Array {
  const peak = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - peak));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Dot product of a row of each, over the columns of `span`. */
function dotRows(a: Matrix, rowA: number, b: Matrix, rowB: number, span = { start: 0, end: a.columns }): number {
  let sum = 0;
  for (let column = span.start; column < span.end; column++) sum += at(a, rowA, column) * at(b, rowB, column);
  return sum;
}
