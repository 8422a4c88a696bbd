import type { WeightPrecision } from '../tensor/encoded-pieces.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import type { ClipTextConfig } from './clip-config.js';
import { clipLayerNames, prefixOf } from './clip-layer-names.js';
import { addLayerNorm } from './dense-layers.js';
import type { GraphSource } from './dense-layers.js';
import { addEncoderLayer } from './encoder-layer.js';
import { GraphWeights } from './graph-weights.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';

/** What the graph is made of. */
export interface ClipTextParts {
  readonly config: ClipTextConfig;
  readonly tensors: TensorFiles;
  readonly precision: WeightPrecision;
  /** Name of the file that will hold the weights, beside the graph. */
  readonly weightsFile: string;
  /** Layers at the end that are left out before the final norm; 1 gives the penultimate layer of a full checkpoint. 0 when absent. */
  readonly skippedLayers?: number;
}

const PREFIXES = ['text_model.', '', 'model.text_model.'];

/**
 * CLIP's text tower for ONNX Runtime: `input_ids` int64 `[N, maxTokens]` → `hidden` `[N, maxTokens, width]` after the final norm. Every
 * token sees itself and those before it; padding is not masked, as diffusion pipelines run it. Throws `artifact_corrupt` naming file,
 * tensor, expected and found.
 */
export function buildClipTextGraph({ config, tensors, precision, weightsFile, skippedLayers = 0 }: ClipTextParts): OnnxFiles {
  const graph = new OnnxGraph('text_encoder', weightsFile);
  const source: GraphSource = { graph, weights: new GraphWeights(graph, tensors, precision) };
  const prefix = prefixOf(tensors, PREFIXES, 'embeddings.token_embedding.weight');
  const { width, maxTokens: tokens, normEpsilon: epsilon } = config;
  let hidden = addEmbeddings(source, prefix, config);
  for (let index = 0; index < config.layers - skippedLayers; index += 1) {
    hidden = addEncoderLayer(source, hidden, config, clipLayerNames(`${prefix}encoder.layers.${index}`, width), { prefix: `layers.${index}`, tokens, causal: true });
  }
  const normed = addLayerNorm(source, hidden, { name: `${prefix}final_layer_norm`, width, epsilon });
  graph.op('Reshape', [normed, graph.ints([-1, tokens, width])], 'hidden');
  graph.output({ name: 'hidden', type: 'float32', shape: ['N', tokens, width] });
  return graph.finish();
}

/** Tokens at their places, `[N × maxTokens, width]`. */
function addEmbeddings({ graph, weights }: GraphSource, prefix: string, { vocabulary, maxTokens, width }: ClipTextConfig): string {
  const ids = graph.input({ name: 'input_ids', type: 'int64', shape: ['N', maxTokens] });
  const words = graph.op('Gather', [weights.tensor(`${prefix}embeddings.token_embedding.weight`, [vocabulary, width]), ids], 'words');
  const places = weights.tensor(`${prefix}embeddings.position_embedding.weight`, [maxTokens, width]);
  return graph.op('Reshape', [graph.op('Add', [words, places], 'placed'), graph.ints([-1, width])], 'embeddings');
}
