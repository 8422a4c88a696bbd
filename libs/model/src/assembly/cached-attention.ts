import type { LlamaConfig } from './llama-config.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Values that the attention of every layer reads; made once for a run. */
export interface AttentionValues {
  /** Places of this run's rows in the text, int64 `[1, S]`. */
  readonly positions: string;
  /** 0 where a query may look and −∞ where not, `[query rows, S + capacity]`: this run's own rows come first. */
  readonly mask: string;
  /** Rows of this run and rows of the cache, int64 `[2]`. */
  readonly lengths: string;
  /** Shape of the queries for the products, int64 `[4]`. */
  readonly queryShape: string;
  readonly cos: string;
  readonly sin: string;
}

/** One layer's attention. */
export interface AttentionPart {
  readonly config: LlamaConfig;
  readonly values: AttentionValues;
}

const ROWS = 'sequence_rows';
const SINGLE = 'single_row';

/**
 * Attention over the rows of the cache and this run's own, without joining the two: the products read the caller's buffers in place, and
 * only the scores, which are small, are put side by side for the softmax. An operator that appends the new rows to the cache copies
 * all of it for each token. `projected` is `[1, S, (heads + 2 kvHeads) · headWidth]`; the result is `[1, S, heads · headWidth]`.
 * The rows to be kept are named by `newRows`.
 */
export function addCachedAttention(graph: OnnxGraph, index: number, projected: string, { config, values }: AttentionPart): string {
  const { heads, kvHeads, headWidth } = config;
  const name = (part: string) => `layers.${index}.attention.${part}`;
  const past = (part: 'key' | 'value') => graph.input({ name: `past.${index}.${part}`, type: 'float32', shape: [kvHeads, 1, 'capacity', headWidth] });
  const byHead = graph.op('Transpose', [graph.op('Reshape', [projected, graph.ints([1, -1, heads + 2 * kvHeads, headWidth])], name('heads'))], name('by_head'), { perm: { ints: [0, 2, 1, 3] } });
  graph.node({ op: 'Split', inputs: [byHead, graph.ints([heads + kvHeads, kvHeads])], outputs: [name('unturned'), name('values')], attributes: { axis: { int: 1 } } });
  graph.contrib({ op: 'RotaryEmbedding', inputs: [name('unturned'), values.positions, values.cos, values.sin], outputs: [name('turned')], attributes: { num_heads: { int: heads + kvHeads } } });
  graph.node({ op: 'Split', inputs: [name('turned'), graph.ints([heads, kvHeads])], outputs: [name('queries'), name('keys')], attributes: { axis: { int: 1 } } });
  const [key, value] = newRows(index).map((row, part) => graph.op('Reshape', [name(part === 0 ? 'keys' : 'values'), graph.ints([kvHeads, 1, -1, headWidth])], row)) as [string, string];
  const query = graph.op('Reshape', [name('queries'), values.queryShape], name('query'));
  const score = (keys: string, part: string) => graph.contrib({ op: 'FusedMatMul', inputs: [query, keys], outputs: [name(part)], attributes: { transB: { int: 1 }, alpha: { float: headWidth ** -0.5 } } });
  const scores = graph.op('Concat', [score(key, 'own_scores'), score(past('key'), 'past_scores')], name('scores'), { axis: { int: -1 } });
  const weights = graph.op('Softmax', [graph.op('Add', [scores, values.mask], name('masked'))], name('weights'), { axis: { int: -1 } });
  graph.node({ op: 'Split', inputs: [weights, values.lengths], outputs: [name('own_weights'), name('past_weights')], attributes: { axis: { int: -1 } } });
  const own = graph.op('MatMul', [name('own_weights'), value], name('own'));
  const mixed = graph.op('Add', [graph.op('MatMul', [name('past_weights'), past('value')], name('past')), own], name('mixed'));
  const byRow = graph.op('Transpose', [graph.op('Reshape', [mixed, graph.ints([heads, -1, headWidth])], name('by_head_again'))], name('by_row'), { perm: { ints: [1, 0, 2] } });
  return graph.op('Reshape', [byRow, graph.ints([1, -1, heads * headWidth])], `layers.${index}.attended`);
}

/** Names of the rows that a layer adds to the cache, `[kvHeads, 1, S, headWidth]` each: keys, values. */
export function newRows(index: number): readonly [string, string] {
  return [`layers.${index}.new_keys`, `layers.${index}.new_values`];
}

/** Adds the input `past_length` and what all layers share. `embeds` is `[1, S, width]`. */
export function addAttentionValues(graph: OnnxGraph, embeds: string, config: LlamaConfig, tables: { readonly cos: string; readonly sin: string }): AttentionValues {
  const pastLength = graph.input({ name: 'past_length', type: 'int64', shape: [1] });
  const rows = graph.op('Shape', [embeds], ROWS, { start: { int: 1 }, end: { int: 2 } });
  const capacity = graph.op('Shape', ['past.0.key'], 'cache_capacity', { start: { int: 2 }, end: { int: 3 } });
  const steps = count(graph, rows, 'steps');
  const own = graph.op('LessOrEqual', [steps, graph.op('Unsqueeze', [steps, graph.ints([1])], 'steps_down')], 'own_seen');
  const known = graph.op('Less', [count(graph, capacity, 'cache_rows'), pastLength], 'past_seen');
  const lengths = graph.op('Concat', [rows, capacity], 'row_counts', { axis: { int: 0 } });
  const seen = graph.op('Concat', [own, graph.op('Expand', [known, lengths], 'past_seen_by_all')], 'seen', { axis: { int: 1 } });
  const mask = graph.op('Where', [seen, scalar(graph, 0), scalar(graph, -Infinity)], 'mask_of_one_head');
  graph.op('Equal', [rows, graph.ints([1])], SINGLE);
  const group = config.heads / config.kvHeads;
  return {
    positions: graph.op('Unsqueeze', [graph.op('Add', [steps, pastLength], 'places'), graph.ints([0])], 'positions'),
    mask: graph.op('Tile', [mask, graph.op('Concat', [either(graph, 'mask_copies', 1, group), graph.ints([1])], 'mask_repeats', { axis: { int: 0 } })], 'mask'),
    lengths,
    queryShape: graph.op('Concat', [graph.ints([config.kvHeads]), either(graph, 'query_groups', group, 1), graph.ints([-1, config.headWidth])], 'query_shape', { axis: { int: 0 } }),
    ...tables,
  };
}

/**
 * A single query row goes as `group` products of a vector with the shared keys, which read them as they lie; several rows go as one
 * product with the rows of all heads of the group below each other, which packs the keys once.
 */
function either(graph: OnnxGraph, output: string, single: number, several: number): string {
  return graph.op('Where', [SINGLE, graph.ints([single]), graph.ints([several])], output);
}

/** 0, 1, … below the value of an int64 `[1]`. */
function count(graph: OnnxGraph, limit: string, output: string): string {
  const [zero, one] = [graph.ints([0], []), graph.ints([1], [])];
  return graph.op('Range', [zero, graph.op('Squeeze', [limit], `${output}.limit`), one], output);
}

function scalar(graph: OnnxGraph, value: number): string {
  return graph.constant(`float32.${value}`, { type: 'float32', shape: [], data: Float32Array.of(value) });
}
