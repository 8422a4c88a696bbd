import type { AbstractorGraphConfig } from './abstractor-config.js';
import { addAttention, addLayerNorm, addLinear, linearWeights } from './dense-layers.js';
import type { GraphSource } from './dense-layers.js';

/** Values `[B × rows, width]` with the rows of one sequence. */
export interface Rows {
  readonly value: string;
  readonly rows: number;
}

/** Keys and values of the features, the same for every set of queries. */
export interface FeatureSide {
  readonly key: Rows;
  readonly value: Rows;
}

const EPSILON = 1e-5;

/** The features' half of layer `index`: normalised by the layer's own norm and projected. */
export function addFeatureSide(source: GraphSource, index: number, features: Rows, { width }: AbstractorGraphConfig): FeatureSide {
  const prefix = layerPrefix(index);
  const normed = addLayerNorm(source, features.value, { name: `${prefix}.normk`, width, epsilon: EPSILON });
  const project = (part: string): Rows => {
    const weights = linearWeights(source, `${prefix}.attention.${part}`, width, width);
    return { value: addLinear(source, `${prefix}.features.${part}`, normed, weights), rows: features.rows };
  };
  return { key: project('key'), value: project('value') };
}

/**
 * Layer `index` for one set of queries (specification §2.2): they attend to `[norm(queries); norm(features)]`, and the residual is the
 * normalised query. `pass` tells apart the sets that go through the same layer.
 */
export function addQueryLayer(source: GraphSource, place: { index: number; pass: string }, queries: Rows, side: FeatureSide, config: AbstractorGraphConfig): Rows {
  const { graph } = source;
  const { width, heads } = config;
  const prefix = layerPrefix(place.index);
  const label = `${prefix}.${place.pass}`;
  const normed = addLayerNorm(source, queries.value, { name: `${prefix}.norm1`, as: `${label}.norm1`, width, epsilon: EPSILON });
  const project = (part: string): string => addLinear(source, `${label}.${part}`, normed, linearWeights(source, `${prefix}.attention.${part}`, width, width));
  const beside = (part: string, features: Rows): string => addConcat(source, `${label}.${part}.all`, [{ value: project(part), rows: queries.rows }, features], width);
  const parts = { query: project('query'), key: beside('key', side.key), value: beside('value', side.value) };
  const attended = addAttention(graph, `${label}.attended`, parts, { heads, width, queries: queries.rows, keys: queries.rows + side.key.rows });
  const out = addLinear(source, `${label}.out`, attended, linearWeights(source, `${prefix}.output.out_proj`, width, width));
  const between = graph.op('Add', [normed, out], `${label}.attention_sum`);
  const inner = addLayerNorm(source, between, { name: `${prefix}.output.norm2`, as: `${label}.norm2`, width, epsilon: EPSILON });
  return { value: graph.op('Add', [between, addGated(source, inner, { prefix: `${prefix}.output.mlp`, label }, config)], `${label}.sum`), rows: queries.rows };
}

/** SiLU(w1 x) · (w3 x), normalised, then w2. */
function addGated(source: GraphSource, input: string, { prefix, label }: { prefix: string; label: string }, config: AbstractorGraphConfig): string {
  const { graph } = source;
  const { width, feedForward, innerEpsilon: epsilon } = config;
  const up = (name: string): string => addLinear(source, `${label}.${name}`, input, linearWeights(source, `${prefix}.${name}`, feedForward, width));
  // QuickGelu with alpha 1 is x · sigmoid(x), SiLU, in one operator.
  const gate = graph.contrib({ op: 'QuickGelu', inputs: [up('w1')], outputs: [`${label}.silu`], attributes: { alpha: { float: 1 } } });
  const gated = graph.op('Mul', [gate, up('w3')], `${label}.gated`);
  const normed = addLayerNorm(source, gated, { name: `${prefix}.ffn_ln`, as: `${label}.ffn_ln`, width: feedForward, epsilon });
  return addLinear(source, `${label}.w2`, normed, linearWeights(source, `${prefix}.w2`, width, feedForward));
}

/** Sequences one after the other, sample by sample. */
export function addConcat({ graph }: GraphSource, output: string, parts: readonly Rows[], width: number): string {
  const batched = parts.map(({ value, rows }, index) => graph.op('Reshape', [value, graph.ints([-1, rows, width])], `${output}.parts.${index}`));
  const joined = graph.op('Concat', batched, `${output}.sequence`, { axis: { int: 1 } });
  return graph.op('Reshape', [joined, graph.ints([-1, width])], output);
}

function layerPrefix(index: number): string {
  return `abstractor.encoder.layers.${index}.crossattention`;
}
