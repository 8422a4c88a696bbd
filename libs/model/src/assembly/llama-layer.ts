import { addCachedAttention } from './cached-attention.js';
import type { AttentionValues } from './cached-attention.js';
import { Activation, addLinear } from './linear-layer.js';
import type { Precision } from './linear-layer.js';
import type { LayerMatrix, LlamaCheckpoint } from './llama-checkpoint.js';
import type { LlamaConfig } from './llama-config.js';
import type { LoraLayer } from './lora-adapter.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Where a layer takes its weights from. */
export interface LayerSource {
  readonly checkpoint: LlamaCheckpoint;
  readonly precision: Precision;
  readonly lora: LoraLayer | undefined;
  readonly attention: AttentionValues;
}

/** A residual stream: `hidden` is added to `residual` by the next normalisation, which returns the sum for the one after. */
export interface Stream {
  readonly hidden: string;
  readonly residual: string | undefined;
}

/** Adds one LLaMA layer: attention, then the gated feed-forward. */
export function addLayer(graph: OnnxGraph, index: number, stream: Stream, source: LayerSource): Stream {
  const attended = addAttention(graph, index, stream, source);
  const { config } = source.checkpoint;
  const { normed, sum } = addNorm(graph, `layers.${index}.ffn_norm`, attended, source.checkpoint.norm({ layer: index, before: 'feed-forward' }), config);
  const input = new Activation(graph, normed, config.width);
  // QuickGelu with alpha 1 is x · sigmoid(x), SiLU, in one operator.
  const gate = graph.contrib({ op: 'QuickGelu', inputs: [linear(graph, index, input, ['gate'], source)], outputs: [`layers.${index}.silu`], attributes: { alpha: { float: 1 } } });
  const gated = graph.op('Mul', [gate, linear(graph, index, input, ['up'], source)], `layers.${index}.gated`);
  return { hidden: linear(graph, index, new Activation(graph, gated, config.feedForward), ['down'], source), residual: sum };
}

/** RMS normalisation of the stream's sum. */
export function addNorm(graph: OnnxGraph, name: string, stream: Stream, weight: Float32Array, config: LlamaConfig): { normed: string; sum: string } {
  const gamma = graph.constant(`${name}.weight`, { type: 'float32', shape: [weight.length], data: weight });
  const epsilon = { epsilon: { float: config.rmsEpsilon } };
  if (stream.residual === undefined) {
    const attributes = { ...epsilon, axis: { int: -1 }, stash_type: { int: 1 } };
    return { normed: graph.op('SimplifiedLayerNormalization', [stream.hidden, gamma], name, attributes), sum: stream.hidden };
  }
  const sum = `${name}.sum`;
  const inputs = [stream.hidden, stream.residual, gamma];
  return { normed: graph.contrib({ op: 'SkipSimplifiedLayerNormalization', inputs, outputs: [name, '', '', sum], attributes: epsilon }), sum };
}

function addAttention(graph: OnnxGraph, index: number, stream: Stream, source: LayerSource): Stream {
  const { checkpoint, attention } = source;
  const { config } = checkpoint;
  const prefix = `layers.${index}`;
  const { normed, sum } = addNorm(graph, `${prefix}.attn_norm`, stream, checkpoint.norm({ layer: index, before: 'attention' }), config);
  const projected = addProjections(graph, index, normed, source);
  const attended = addCachedAttention(graph, index, projected, { config, values: attention });
  return { hidden: linear(graph, index, new Activation(graph, attended, config.heads * config.headWidth), ['output'], source), residual: sum };
}

/** Query, key and value side by side, `[1, S, (heads + 2 kvHeads) × headWidth]`, with the adapter's update. */
function addProjections(graph: OnnxGraph, index: number, normed: string, source: LayerSource): string {
  const { checkpoint, lora } = source;
  const base = linear(graph, index, new Activation(graph, normed, checkpoint.config.width), ['query', 'key', 'value'], source);
  return lora === undefined ? base : addLora(graph, `layers.${index}.lora`, { base, normed, config: checkpoint.config, lora });
}

/** The layer's matrices one above the other. */
function linear(graph: OnnxGraph, index: number, input: Activation, matrices: readonly LayerMatrix[], { checkpoint, precision }: LayerSource): string {
  const stored = matrices.map((matrix) => checkpoint.layer(index, matrix));
  return addLinear(graph, `layers.${index}.${matrices.join('_')}`, input, stored, precision);
}

/** Both updates in two products: the down factors side by side, the up factors in a matrix that is zero at the keys. */
function addLora(graph: OnnxGraph, name: string, part: { base: string; normed: string; config: LlamaConfig; lora: LoraLayer }): string {
  const { query, value } = part.lora;
  const rank = query.rank + value.rank;
  const { width } = part.config;
  const rows = query.rows + 2 * value.rows;
  const down = new Float32Array(width * rank);
  for (let row = 0; row < width; row += 1) {
    down.set(query.down.subarray(row * query.rank, (row + 1) * query.rank), row * rank);
    down.set(value.down.subarray(row * value.rank, (row + 1) * value.rank), row * rank + query.rank);
  }
  const up = new Float32Array(rank * rows);
  for (let row = 0; row < query.rank; row += 1) up.set(query.up.subarray(row * query.rows, (row + 1) * query.rows), row * rows);
  for (let row = 0; row < value.rank; row += 1) up.set(value.up.subarray(row * value.rows, (row + 1) * value.rows), (query.rank + row + 1) * rows - value.rows);
  const low = graph.op('MatMul', [part.normed, graph.constant(`${name}.down`, { type: 'float32', shape: [width, rank], data: down })], `${name}.low`);
  const update = graph.op('MatMul', [low, graph.constant(`${name}.up`, { type: 'float32', shape: [rank, rows], data: up })], `${name}.update`);
  return graph.op('Add', [part.base, update], `${name}.sum`);
}
