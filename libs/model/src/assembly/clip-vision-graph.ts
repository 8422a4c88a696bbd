import type { WeightPrecision } from '../tensor/encoded-pieces.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import type { ClipVisionConfig } from './clip-config.js';
import { addLayerNorm } from './dense-layers.js';
import type { GraphSource } from './dense-layers.js';
import { addEncoderLayer } from './encoder-layer.js';
import { GraphWeights } from './graph-weights.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';
import { visionNames } from './vision-names.js';
import type { VisionNames } from './vision-names.js';

/** What the graph is made of. */
export interface ClipVisionParts {
  readonly config: ClipVisionConfig;
  readonly tensors: TensorFiles;
  readonly precision: WeightPrecision;
  /** Name of the file that will hold the weights, beside the graph. */
  readonly weightsFile: string;
}

/** Tokens of one picture: its patches and CLS. */
export function visionTokens({ imageSize, patchSize }: ClipVisionConfig): number {
  return (imageSize / patchSize) ** 2 + 1;
}

/**
 * CLIP's image tower for ONNX Runtime: `pixels` float32 `[N, 3, S, S]` → `features` `[N, tokens, width]`, the last layer's output after
 * the final norm, all tokens, CLS first (paper §3.2; specification §1.1). Throws `artifact_corrupt` naming file, tensor, expected and found.
 */
export function buildClipVisionGraph({ config, tensors, precision, weightsFile }: ClipVisionParts): OnnxFiles {
  const graph = new OnnxGraph('vision', weightsFile);
  const source: GraphSource = { graph, weights: new GraphWeights(graph, tensors, precision) };
  const names = visionNames(tensors, config);
  const { width, imageSize, normEpsilon: epsilon } = config;
  const tokens = visionTokens(config);
  const pixels = graph.input({ name: 'pixels', type: 'float32', shape: ['N', 3, imageSize, imageSize] });
  let hidden = addLayerNorm(source, addEmbeddings(source, pixels, config, names), { name: names.preNorm, width, epsilon });
  for (let index = 0; index < config.layers; index += 1) hidden = addEncoderLayer(source, hidden, config, names.layer(index), { prefix: `layers.${index}`, tokens });
  const normed = addLayerNorm(source, hidden, { name: names.postNorm, width, epsilon });
  graph.op('Reshape', [normed, graph.ints([-1, tokens, width])], 'features');
  graph.output({ name: 'features', type: 'float32', shape: ['N', tokens, width] });
  return graph.finish();
}

/** Patches and CLS at their places, `[N × tokens, width]`. */
function addEmbeddings({ graph, weights }: GraphSource, pixels: string, config: ClipVisionConfig, names: VisionNames): string {
  const { width, patchSize } = config;
  const tokens = visionTokens(config);
  const kernel = weights.tensor(names.patch, [width, 3, patchSize, patchSize]);
  const maps = graph.op('Conv', [pixels, kernel], 'patch_maps', { strides: { ints: [patchSize, patchSize] } });
  const flat = graph.op('Reshape', [maps, graph.ints([0, width, tokens - 1])], 'patch_columns');
  const patches = graph.op('Transpose', [flat], 'patches', { perm: { ints: [0, 2, 1] } });
  const one = weights.tensor(names.cls.name, names.cls.shape, [1, 1, width]);
  const pictures = graph.op('Shape', [pixels], 'pictures', { start: { int: 0 }, end: { int: 1 } });
  const cls = graph.op('Expand', [one, graph.op('Concat', [pictures, graph.ints([1, width])], 'cls_shape', { axis: { int: 0 } })], 'cls');
  const sequence = graph.op('Concat', [cls, patches], 'sequence', { axis: { int: 1 } });
  const places = weights.tensor(names.position.name, names.position.shape, [1, tokens, width]);
  return graph.op('Reshape', [graph.op('Add', [sequence, places], 'placed'), graph.ints([-1, width])], 'embeddings');
}
