import type { WeightPrecision } from '../tensor/encoded-pieces.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import type { AbstractorGraphConfig } from './abstractor-config.js';
import { addConcat, addFeatureSide, addQueryLayer } from './abstractor-graph-layer.js';
import type { FeatureSide, Rows } from './abstractor-graph-layer.js';
import { addLinear, linearWeights } from './dense-layers.js';
import type { GraphSource } from './dense-layers.js';
import { GraphWeights } from './graph-weights.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';

/** What the graph is made of. */
export interface AbstractorParts {
  readonly config: AbstractorGraphConfig;
  readonly tensors: TensorFiles;
  readonly precision: WeightPrecision;
  /** Name of the file that will hold the weights, beside the graph. */
  readonly weightsFile: string;
}

/**
 * The abstractor for ONNX Runtime, from a checkpoint with mPLUG-Owl's names: `features` float32 `[B, frames, patches, width]` → `tokens`
 * `[B, queries + 1, languageWidth]` (`joint`) or `[B, queries, languageWidth]` (`paper`, §3.2). Without time embeddings the order of the
 * frames makes no difference. Throws `artifact_corrupt` naming file, tensor, expected and found.
 */
export function buildAbstractorGraph({ config, tensors, precision, weightsFile }: AbstractorParts): OnnxFiles {
  const graph = new OnnxGraph('abstractor', weightsFile);
  const source: GraphSource = { graph, weights: new GraphWeights(graph, tensors, precision) };
  const { frames, patches, width, languageWidth, layers, queries, variant } = config;
  const input = graph.input({ name: 'features', type: 'float32', shape: ['B', frames, patches, width] });
  const features = { value: graph.op('Reshape', [addTime(source, input, config), graph.ints([-1, width])], 'features.rows'), rows: frames * patches };
  const sides = Array.from({ length: layers }, (_, index) => addFeatureSide(source, index, features, config));
  const tokens = variant === 'joint' ? addJoint(source, input, sides, config) : addPaper(source, input, sides, config);
  const count = variant === 'joint' ? queries + 1 : queries;
  graph.op('Reshape', [tokens, graph.ints([-1, count, languageWidth])], 'tokens');
  graph.output({ name: 'tokens', type: 'float32', shape: ['B', count, languageWidth] });
  return graph.finish();
}

/** Both sets pass the layers as one sequence; two projections are summed; `vit_eos` ends the tokens. One frame has no temporal half. */
function addJoint(source: GraphSource, input: string, sides: readonly FeatureSide[], config: AbstractorGraphConfig): string {
  const { graph } = source;
  const { frames, queries, width, languageWidth } = config;
  const sets = frames === 1 ? (['query_tokens'] as const) : (['query_tokens', 'temporal_query_tokens'] as const);
  const first = sets.map((name) => addQueries(source, input, name, config));
  const joined = first.length === 1 ? (first[0] ?? '') : addConcat(source, 'queries', first.map((value) => ({ value, rows: queries })), width);
  const through = addLayers(source, 'joint', { value: joined, rows: sets.length * queries }, sides, config);
  const halves = sets.map((_, half) => addHalf(source, through, half, config));
  const words = halves.map((half, index) => addProjection(source, half, index === 0 ? 'visual_fc' : 'temporal_visual_fc', config));
  const sum = words.length === 1 ? (words[0] ?? '') : graph.op('Add', words, 'words');
  const eos = addExpanded(source, input, source.weights.tensor('abstractor.vit_eos', [1, 1, languageWidth]), [1, languageWidth]);
  return addConcat(source, 'words_and_eos', [{ value: sum, rows: queries }, { value: eos, rows: 1 }], languageWidth);
}

/** Each set attends on its own, through the same layers; their sum is projected once. */
function addPaper(source: GraphSource, input: string, sides: readonly FeatureSide[], config: AbstractorGraphConfig): string {
  const passes = (['query_tokens', 'temporal_query_tokens'] as const).map((name) => {
    const queries = { value: addQueries(source, input, name, config), rows: config.queries };
    return addLayers(source, name, queries, sides, config).value;
  });
  return addProjection(source, source.graph.op('Add', passes, 'branches'), 'visual_fc', config);
}

function addLayers(source: GraphSource, pass: string, queries: Rows, sides: readonly FeatureSide[], config: AbstractorGraphConfig): Rows {
  return sides.reduce((state, side, index) => addQueryLayer(source, { index, pass }, state, side, config), queries);
}

function addTime({ graph, weights }: GraphSource, features: string, { timeEmbeddings, frames, width }: AbstractorGraphConfig): string {
  if (!timeEmbeddings) return features;
  return graph.op('Add', [features, weights.tensor('abstractor.time_embedding', [frames, width], [1, frames, 1, width])], 'features.timed');
}

/** A set of queries for every sample, `[B × queries, width]`. */
function addQueries(source: GraphSource, input: string, name: string, { queries, width }: AbstractorGraphConfig): string {
  const expanded = addExpanded(source, input, source.weights.tensor(name, [1, queries, width]), [queries, width]);
  return source.graph.op('Reshape', [expanded, source.graph.ints([-1, width])], `${name}.rows`);
}

/** `[1, …]` repeated for every sample of the input. */
function addExpanded({ graph }: GraphSource, input: string, value: string, rest: readonly number[]): string {
  const samples = graph.op('Shape', [input], `${value}.samples`, { start: { int: 0 }, end: { int: 1 } });
  const shape = graph.op('Concat', [samples, graph.ints(rest)], `${value}.shape`, { axis: { int: 0 } });
  return graph.op('Expand', [value, shape], `${value}.expanded`);
}

/** The spatial (0) or temporal (1) queries of the joint sequence. */
function addHalf({ graph }: GraphSource, { value, rows }: Rows, half: number, { queries, width }: AbstractorGraphConfig): string {
  if (rows === queries) return value;
  const batched = graph.op('Reshape', [value, graph.ints([-1, rows, width])], `halves.${half}.all`);
  const sliced = graph.op('Slice', [batched, graph.ints([half * queries]), graph.ints([(half + 1) * queries]), graph.ints([1])], `halves.${half}.sequence`);
  return graph.op('Reshape', [sliced, graph.ints([-1, width])], `halves.${half}`);
}

function addProjection(source: GraphSource, input: string, name: string, { width, languageWidth }: AbstractorGraphConfig): string {
  return addLinear(source, `${name}.words`, input, linearWeights(source, `abstractor.${name}`, languageWidth, width));
}
