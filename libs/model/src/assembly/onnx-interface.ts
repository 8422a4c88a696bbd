import { protobufFields } from './protobuf-reader.js';

/** An input or output of a graph: a string in `shape` names a dynamic axis. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What a graph takes and gives. */
export interface GraphInterface {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

const MODEL_GRAPH = 7;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;

/** Reads inputs and outputs of an ONNX model (onnx.proto3) without its weights. Throws `artifact_corrupt` naming the file. */
export function readInterface(bytes: Uint8Array, file: string): GraphInterface {
  const graphs = messages(bytes, file, MODEL_GRAPH);
  const values = (field: number): GraphValue[] => graphs.flatMap((graph) => messages(graph, file, field)).map((value) => valueOf(value, file));
  return { inputs: values(GRAPH_INPUT), outputs: values(GRAPH_OUTPUT) };
}

/** `ValueInfoProto` → `TypeProto` → `Tensor` → `TensorShapeProto` → `Dimension`. */
function valueOf(bytes: Uint8Array, file: string): GraphValue {
  const [name] = messages(bytes, file, 1);
  const tensors = messages(bytes, file, 2).flatMap((type) => messages(type, file, 1));
  const dimensions = tensors.flatMap((tensor) => messages(tensor, file, 2)).flatMap((shape) => messages(shape, file, 1));
  return { name: new TextDecoder().decode(name), shape: dimensions.map((dimension) => lengthOf(dimension, file)) };
}

function lengthOf(dimension: Uint8Array, file: string): number | string {
  for (const { field, value } of protobufFields(dimension, file)) {
    if (field === 1 && typeof value === 'bigint') return Number(value);
    if (field === 2 && typeof value !== 'bigint') return new TextDecoder().decode(value);
  }
  return '?';
}

function messages(bytes: Uint8Array, file: string, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const { field, value } of protobufFields(bytes, file)) if (field === wanted && typeof value !== 'bigint') found.push(value);
  return found;
}
