import type { GraphWeights } from './graph-weights.js';
import type { OnnxGraph } from './onnx-graph.js';

/** A graph in the making and the checkpoint that feeds it. */
export interface GraphSource {
  readonly graph: OnnxGraph;
  readonly weights: GraphWeights;
}

/** The matrix and bias of a linear layer, as values of the graph. */
export interface LinearWeights {
  /** `[out, in]`. */
  readonly weight: string;
  /** `[out]`; absent for a layer without one. */
  readonly bias?: string;
}

/** Weight and bias that the checkpoint keeps under `name`. */
export function linearWeights({ weights }: GraphSource, name: string, rows: number, columns: number): LinearWeights {
  return { weight: weights.tensor(`${name}.weight`, [rows, columns]), bias: weights.tensor(`${name}.bias`, [rows]) };
}

/** x · Wᵀ + b, or x · Wᵀ, for every row of `input` `[N, in]`. */
export function addLinear({ graph }: GraphSource, output: string, input: string, { weight, bias }: LinearWeights): string {
  return graph.op('Gemm', bias === undefined ? [input, weight] : [input, weight, bias], output, { transB: { int: 1 } });
}

/** A norm of rows of `width`; gain and bias are kept under `name`. */
export interface Norm {
  readonly name: string;
  readonly width: number;
  readonly epsilon: number;
  /** Name of the value in the graph, for norms that are used more than once. */
  readonly as?: string;
}

/** Normalises every row of `input`. */
export function addLayerNorm({ graph, weights }: GraphSource, input: string, { name, width, epsilon, as = `${name}.normed` }: Norm): string {
  const gain = weights.tensor(`${name}.weight`, [width]);
  const bias = weights.tensor(`${name}.bias`, [width]);
  return graph.op('LayerNormalization', [input, gain, bias], as, { axis: { int: -1 }, epsilon: { float: epsilon } });
}

/** Which rows attend to which. */
export interface AttentionShape {
  readonly heads: number;
  readonly width: number;
  /** Rows of one query sequence. */
  readonly queries: number;
  /** Rows of one key sequence. */
  readonly keys: number;
  /** Row i sees keys 0 to i only. */
  readonly causal?: boolean;
}

/** Multi-head attention, scale 1/√(width of a head): query `[N × queries, width]`, key and value `[N × keys, width]` → `[N × queries, width]`. */
export function addAttention(graph: OnnxGraph, output: string, parts: { query: string; key: string; value: string }, shape: AttentionShape): string {
  const { heads, width, queries, keys, causal = false } = shape;
  const batched = (name: string, rows: number): string => graph.op('Reshape', [name, graph.ints([-1, rows, width])], `${name}.batched`);
  const inputs = [batched(parts.query, queries), batched(parts.key, keys), batched(parts.value, keys)];
  const attributes = { num_heads: { int: heads }, unidirectional: { int: causal ? 1 : 0 } };
  const attended = graph.contrib({ op: 'MultiHeadAttention', inputs, outputs: [`${output}.batched`], attributes });
  return graph.op('Reshape', [attended, graph.ints([-1, width])], output);
}
