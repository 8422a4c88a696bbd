// The language model as transformers.js reads one: token ids in, a cache that the graph itself appends to, and a config.json beside it. Built of
// the same weights and operators as the product's graph, but for attention and the embeddings, which are those of the usual exporters.
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GgufCheckpoint } from '@gpt4video/model/assembly/gguf-checkpoint';
import { Activation, addLinear } from '@gpt4video/model/assembly/linear-layer';
import { addNorm } from '@gpt4video/model/assembly/llama-layer';
import { OnnxGraph } from '@gpt4video/model/assembly/onnx-graph';
import { floatPieces } from '@gpt4video/model/assembly/stored-matrix';
import { byteSourceOf } from '@gpt4video/model/tensor/byte-source';

const WEIGHTS = 'model.onnx_data';
const INT32 = 6;

/** Writes a temporary folder in the library's layout from a GGUF file; `remove` deletes it. */
export async function languageForTransformersJs(path) {
  const checkpoint = GgufCheckpoint.read(byteSourceOf(path, await readFile(path)));
  const folder = await mkdtemp(join(tmpdir(), 'gpt4video-bench-'));
  await mkdir(join(folder, 'onnx'));
  const { graph, weights } = graphOf(checkpoint);
  await writeFile(join(folder, 'onnx', 'model.onnx'), graph);
  const file = await open(join(folder, 'onnx', WEIGHTS), 'w');
  for (const piece of weights) await file.write(piece);
  await file.close();
  await writeFile(join(folder, 'config.json'), JSON.stringify(hubConfig(checkpoint.config)));
  await writeFile(join(folder, 'generation_config.json'), '{}');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

function hubConfig({ layers, width, heads, kvHeads, headWidth, vocabulary }) {
  const sizes = { num_hidden_layers: layers, hidden_size: width, num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headWidth, vocab_size: vocabulary };
  return { model_type: 'llama', architectures: ['LlamaForCausalLM'], ...sizes, 'transformers.js_config': { use_external_data_format: { 'model.onnx': 1 } } };
}

function graphOf(checkpoint) {
  const { config } = checkpoint;
  const graph = new OnnxGraph('language', WEIGHTS);
  const ids = graph.input({ name: 'input_ids', type: 'int64', shape: ['batch_size', 'sequence'] });
  const values = attentionValues(graph, config);
  let stream = { hidden: embed(graph, ids, checkpoint), residual: undefined };
  for (let index = 0; index < config.layers; index += 1) stream = addLayer(graph, index, stream, { checkpoint, values });
  const { normed } = addNorm(graph, 'output_norm', stream, checkpoint.norm('last'), config);
  const last = graph.op('Slice', [normed, graph.ints([-1]), graph.ints([Number.MAX_SAFE_INTEGER]), graph.ints([1])], 'last_position');
  addLinear(graph, 'logits', new Activation(graph, last, config.width), [checkpoint.head()], 'stored');
  graph.output({ name: 'logits', type: 'float32', shape: ['batch_size', 1, config.vocabulary] });
  return graph.finish();
}

function embed(graph, ids, checkpoint) {
  const table = checkpoint.embeddings();
  const data = function* () {
    for (const { values } of floatPieces(table)) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  };
  return graph.op('Gather', [graph.constant('embeddings', { type: 'float32', shape: [table.rows, table.columns], data }), ids], 'embedded');
}

/** What GroupQueryAttention of every layer reads: rows that count, and cos and sin of position × frequency. */
function attentionValues(graph, { contextTokens, rotaryFrequencies }) {
  const mask = graph.input({ name: 'attention_mask', type: 'int64', shape: ['batch_size', 'total'] });
  const seen = graph.op('Sub', [graph.op('ReduceSum', [mask, graph.ints([1])], 'rows_seen', { keepdims: { int: 0 } }), graph.ints([1])], 'last_row');
  const total = graph.op('Gather', [graph.op('Shape', [mask], 'mask_shape'), graph.ints([1], [])], 'rows_in_all');
  const half = rotaryFrequencies.length;
  const angles = Float32Array.from({ length: contextTokens * half }, (_, index) => Math.floor(index / half) * rotaryFrequencies[index % half]);
  const table = (name, data) => graph.constant(name, { type: 'float32', shape: [contextTokens, half], data });
  const int32 = (value, name) => graph.op('Cast', [value], name, { to: { int: INT32 } });
  return [int32(seen, 'seqlens_k'), int32(total, 'total_sequence_length'), table('cos', angles.map(Math.cos)), table('sin', angles.map(Math.sin))];
}

function addLayer(graph, index, stream, { checkpoint, values }) {
  const { config } = checkpoint;
  const prefix = `layers.${index}`;
  const linear = (value, matrices) => addLinear(graph, `${prefix}.${matrices.join('_')}`, value, matrices.map((matrix) => checkpoint.layer(index, matrix)), 'stored');
  const read = (value, columns) => new Activation(graph, value, columns);
  const before = addNorm(graph, `${prefix}.attn_norm`, stream, checkpoint.norm({ layer: index, before: 'attention' }), config);
  const attended = attend(graph, index, linear(read(before.normed, config.width), ['query', 'key', 'value']), { config, values });
  const half = { hidden: linear(read(attended, config.heads * config.headWidth), ['output']), residual: before.sum };
  const { normed, sum } = addNorm(graph, `${prefix}.ffn_norm`, half, checkpoint.norm({ layer: index, before: 'feed-forward' }), config);
  const input = read(normed, config.width);
  const gate = graph.contrib({ op: 'QuickGelu', inputs: [linear(input, ['gate'])], outputs: [`${prefix}.silu`], attributes: { alpha: { float: 1 } } });
  const gated = graph.op('Mul', [gate, linear(input, ['up'])], `${prefix}.gated`);
  return { hidden: linear(read(gated, config.feedForward), ['down']), residual: sum };
}

function attend(graph, index, projected, { config: { heads, kvHeads, headWidth }, values }) {
  const parts = ['key', 'value'];
  const cache = (prefix, rows) => (part) => ({ name: `${prefix}.${index}.${part}`, type: 'float32', shape: ['batch_size', kvHeads, rows, headWidth] });
  const past = parts.map(cache('past_key_values', 'past_sequence_length')).map((value) => graph.input(value));
  const present = parts.map(cache('present', 'total'));
  for (const value of present) graph.output(value);
  const attributes = { num_heads: { int: heads }, kv_num_heads: { int: kvHeads }, do_rotary: { int: 1 }, scale: { float: headWidth ** -0.5 } };
  const outputs = [`layers.${index}.attended`, ...present.map(({ name }) => name)];
  return graph.contrib({ op: 'GroupQueryAttention', inputs: [projected, '', '', ...past, ...values], outputs, attributes });
}
