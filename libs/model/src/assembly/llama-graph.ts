import { addAttentionValues, newRows } from './cached-attention.js';
import { Activation, addLinear } from './linear-layer.js';
import type { Precision } from './linear-layer.js';
import type { LlamaCheckpoint } from './llama-checkpoint.js';
import type { LlamaConfig } from './llama-config.js';
import { addLayer, addNorm } from './llama-layer.js';
import type { Stream } from './llama-layer.js';
import type { LoraLayer } from './lora-adapter.js';
import { OnnxGraph } from './onnx-graph.js';
import type { OnnxFiles } from './onnx-graph.js';

/** What the graph is made of. */
export interface LlamaParts {
  readonly checkpoint: LlamaCheckpoint;
  readonly precision: Precision;
  /** One entry a layer; absent leaves the base model as it is. */
  readonly lora: readonly LoraLayer[] | undefined;
  /** Name of the file that will hold the weights, beside the graph. */
  readonly weightsFile: string;
}

/**
 * A LLaMA decoder for ONNX Runtime. Inputs: `inputs_embeds` `[1, S, width]`, `past_length` int64 `[1]` (rows of the cache that count),
 * `past.{i}.{key,value}` `[kvHeads, 1, capacity, headWidth]`. Outputs: `logits` `[1, 1, vocabulary]` of the last position only, and
 * `new_rows` `[layers · 2 · kvHeads, 1, S, headWidth]`, what this run adds to the cache: keys, then values, layer by layer.
 */
export function buildLlamaGraph({ checkpoint, precision, lora, weightsFile }: LlamaParts): OnnxFiles {
  const { config } = checkpoint;
  const graph = new OnnxGraph('language', weightsFile);
  const embeds = graph.input({ name: 'inputs_embeds', type: 'float32', shape: [1, 'sequence', config.width] });
  const attention = addAttentionValues(graph, embeds, config, rotaryTables(graph, config));
  let stream: Stream = { hidden: embeds, residual: undefined };
  for (let index = 0; index < config.layers; index += 1) stream = addLayer(graph, index, stream, { checkpoint, precision, lora: lora?.[index], attention });
  const { normed } = addNorm(graph, 'output_norm', stream, checkpoint.norm('last'), config);
  const last = graph.op('Slice', [normed, graph.ints([-1]), graph.ints([Number.MAX_SAFE_INTEGER]), graph.ints([1])], 'last_position');
  addLinear(graph, 'logits', new Activation(graph, last, config.width), [checkpoint.head()], precision);
  graph.output({ name: 'logits', type: 'float32', shape: [1, 1, config.vocabulary] });
  // Only this run's rows leave the graph, in one tensor: the runtime copies every output, and the caller keeps the earlier rows anyway.
  graph.op('Concat', Array.from({ length: config.layers }, (_, index) => newRows(index)).flat(), 'new_rows', { axis: { int: 0 } });
  graph.output({ name: 'new_rows', type: 'float32', shape: [config.layers * 2 * config.kvHeads, 1, 'sequence', config.headWidth] });
  return graph.finish();
}

/** cos and sin of position × frequency, rounded to float32 at each step as the reference implementation does. */
function rotaryTables(graph: OnnxGraph, { contextTokens, rotaryFrequencies }: LlamaConfig): { cos: string; sin: string } {
  const half = rotaryFrequencies.length;
  const shape = [contextTokens, half];
  const angles = Float32Array.from({ length: contextTokens * half }, (_, index) => Math.floor(index / half) * (rotaryFrequencies[index % half] ?? 0));
  return {
    cos: graph.constant('rotary.cos', { type: 'float32', shape, data: angles.map(Math.cos) }),
    sin: graph.constant('rotary.sin', { type: 'float32', shape, data: angles.map(Math.sin) }),
  };
}
