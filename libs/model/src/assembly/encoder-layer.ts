import type { EncoderConfig } from './clip-config.js';
import { addAttention, addLayerNorm, addLinear, linearWeights } from './dense-layers.js';
import type { GraphSource, LinearWeights } from './dense-layers.js';

/** Where a checkpoint keeps the parts of one layer. */
export interface EncoderLayerNames {
  readonly attentionNorm: string;
  readonly feedForwardNorm: string;
  readonly attentionOut: string;
  /** Up to the inner width and back. */
  readonly up: string;
  readonly down: string;
  /** Query, key and value, each `[width, width]`. */
  projections(source: GraphSource): { query: LinearWeights; key: LinearWeights; value: LinearWeights };
}

/** A layer's place in the stack and the sequences that it sees. */
export interface EncoderLayerPlace {
  /** Prefix of the values that it adds. */
  readonly prefix: string;
  /** Rows of one sequence. */
  readonly tokens: number;
  readonly causal?: boolean;
}

/** Adds a pre-norm transformer layer (CLIP): `hidden` `[N × tokens, width]` to the same shape. */
export function addEncoderLayer(source: GraphSource, hidden: string, config: EncoderConfig, names: EncoderLayerNames, place: EncoderLayerPlace): string {
  const { graph } = source;
  const { width, heads, feedForward, normEpsilon: epsilon } = config;
  const { prefix, tokens, causal = false } = place;
  const normed = addLayerNorm(source, hidden, { name: names.attentionNorm, width, epsilon });
  const { query, key, value } = names.projections(source);
  const project = (part: string, weights: LinearWeights): string => addLinear(source, `${prefix}.${part}`, normed, weights);
  const parts = { query: project('query', query), key: project('key', key), value: project('value', value) };
  const attended = addAttention(graph, `${prefix}.attended`, parts, { heads, width, queries: tokens, keys: tokens, causal });
  const out = addLinear(source, `${prefix}.attention_out`, attended, linearWeights(source, names.attentionOut, width, width));
  const between = graph.op('Add', [hidden, out], `${prefix}.attention_sum`);
  const inner = addLayerNorm(source, between, { name: names.feedForwardNorm, width, epsilon });
  const up = addLinear(source, `${prefix}.up`, inner, linearWeights(source, names.up, feedForward, width));
  const down = addLinear(source, `${prefix}.down`, addActivation(source, up, config), linearWeights(source, names.down, width, feedForward));
  return graph.op('Add', [between, down], `${prefix}.sum`);
}

function addActivation({ graph }: GraphSource, input: string, { activation }: EncoderConfig): string {
  const output = `${input}.activated`;
  if (activation === 'gelu') return graph.op('Gelu', [input], output);
  return graph.contrib({ op: 'QuickGelu', inputs: [input], outputs: [output], attributes: { alpha: { float: QUICK_GELU } } });
}

/** x · sigmoid(1.702 x), CLIP's stand-in for GELU. */
const QUICK_GELU = 1.702;
