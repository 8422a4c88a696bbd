import type { OnnxValue } from './onnx-messages.js';
import { valueMessage } from './onnx-messages.js';
import { corrupt, type ProtobufField, protobufFields } from './protobuf-reader.js';
import { ProtobufWriter } from './protobuf-writer.js';

const MODEL_GRAPH = 7;
/** `GraphProto` of onnx.proto3. */
const GRAPH = { node: 1, initializer: 5, output: 12 } as const;
const NODE = { input: 1, output: 2, attribute: 5 } as const;
const TENSOR_NAME = 8;
/** `AttributeProto`: a graph, or several. */
const SUBGRAPHS: ReadonlySet<number> = new Set([6, 11]);

interface Node {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * An ONNX model whose outputs are these inner tensors and no others, without the nodes and weights that only other outputs need: the
 * runtime computes every node that is left. Throws `artifact_corrupt` when no node makes a tensor, or a node holds a graph of its own.
 */
export function cutGraph(model: Uint8Array, outputs: readonly OnnxValue[], file: string): Uint8Array {
  const writer = new ProtobufWriter();
  for (const field of protobufFields(model, file)) {
    if (field.field === MODEL_GRAPH && typeof field.value !== 'bigint') writer.message(MODEL_GRAPH, cut([...protobufFields(field.value, file)], outputs, file));
    else copy(writer, field);
  }
  return writer.finish();
}

function cut(fields: readonly ProtobufField[], outputs: readonly OnnxValue[], file: string): ProtobufWriter {
  const needed = new Set(outputs.map(({ name }) => name));
  const kept = new Set<ProtobufField>();
  const made = new Set<string>();
  // Nodes stand in the order in which they can be computed.
  for (const field of fields.filter((each) => each.field === GRAPH.node).reverse()) {
    const node = nodeOf(field, file);
    for (const output of node.outputs) made.add(output);
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.add(field);
    for (const input of node.inputs) needed.add(input);
  }
  const missing = outputs.find(({ name }) => !made.has(name));
  if (missing !== undefined) throw corrupt(file, `a tensor ${missing.name} that a node makes`, 'none');
  const writer = new ProtobufWriter();
  for (const field of fields) {
    if (field.field === GRAPH.output || (field.field === GRAPH.node && !kept.has(field))) continue;
    if (field.field === GRAPH.initializer && !needed.has(text(field, file, TENSOR_NAME)[0] ?? '')) continue;
    copy(writer, field);
  }
  for (const output of outputs) writer.message(GRAPH.output, valueMessage(output));
  return writer;
}

function nodeOf(field: ProtobufField, file: string): Node {
  for (const { field: kind, value } of parts(field, file)) {
    if (kind !== NODE.attribute || typeof value === 'bigint') continue;
    for (const part of protobufFields(value, file)) if (SUBGRAPHS.has(part.field)) throw corrupt(file, 'a graph without graphs in its nodes', 'one that branches or loops');
  }
  return { inputs: text(field, file, NODE.input), outputs: text(field, file, NODE.output) };
}

function text(field: ProtobufField, file: string, wanted: number): string[] {
  return [...parts(field, file)].flatMap(({ field: kind, value }) => (kind === wanted && typeof value !== 'bigint' ? [new TextDecoder().decode(value)] : []));
}

function parts({ value }: ProtobufField, file: string): Iterable<ProtobufField> {
  return typeof value === 'bigint' ? [] : protobufFields(value, file);
}

function copy(writer: ProtobufWriter, { field, value }: ProtobufField): void {
  if (typeof value === 'bigint') writer.int(field, value);
  else writer.bytes(field, value);
}
