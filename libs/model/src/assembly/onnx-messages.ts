import { ProtobufWriter } from './protobuf-writer.js';

/** Element types of `TensorProto.DataType` that the graphs use. */
export const DATA_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;

/** A name in `DATA_TYPES`. */
export type DataType = keyof typeof DATA_TYPES;

/** Bytes of one element. */
export const DATA_TYPE_BYTES: Readonly<Record<DataType, number>> = { float32: 4, uint8: 1, int32: 4, int64: 8, float16: 2, bfloat16: 2 };

/** An attribute of a node, by the kind of its value. */
export type Attribute = { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] } | { readonly text: string };

/** One operator of a graph. An empty input name leaves an optional input out. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Absent for the standard operators. */
  readonly domain?: string;
}

/** A graph input or output; a string in `shape` names a dynamic axis. */
export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly (number | string)[];
}

/** Where a constant's bytes are: in the message, or in the file beside the graph. */
export type TensorPlace = { readonly raw: Uint8Array } | { readonly file: string; readonly offset: number; readonly bytes: number };

/** `AttributeProto.AttributeType`. */
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const;
const LOCATION_EXTERNAL = 1;

/** `NodeProto` of onnx.proto3. */
export function nodeMessage(node: OnnxNode): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(3, node.outputs[0] ?? '').string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) writer.message(5, attributeMessage(name, attribute));
  return node.domain === undefined ? writer : writer.string(7, node.domain);
}

/** `TensorProto` of onnx.proto3. */
export function tensorMessage(constant: { name: string; type: DataType; shape: readonly number[] }, place: TensorPlace): ProtobufWriter {
  const writer = new ProtobufWriter().packedInts(1, constant.shape).int(2, DATA_TYPES[constant.type]).string(8, constant.name);
  if ('raw' in place) return writer.bytes(9, place.raw);
  const entries = { location: place.file, offset: `${place.offset}`, length: `${place.bytes}` };
  for (const [key, value] of Object.entries(entries)) writer.message(13, new ProtobufWriter().string(1, key).string(2, value));
  return writer.int(14, LOCATION_EXTERNAL);
}

/** `ValueInfoProto` of onnx.proto3. */
export function valueMessage({ name, type, shape }: OnnxValue): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.string(2, size));
  }
  const tensor = new ProtobufWriter().int(1, DATA_TYPES[type]).message(2, dimensions);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

function attributeMessage(name: string, attribute: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().string(1, name);
  if ('float' in attribute) return writer.float(2, attribute.float).int(20, ATTRIBUTE.float);
  if ('text' in attribute) return writer.string(4, attribute.text).int(20, ATTRIBUTE.text);
  if ('ints' in attribute) return writer.packedInts(8, attribute.ints).int(20, ATTRIBUTE.ints);
  return writer.int(3, attribute.int).int(20, ATTRIBUTE.int);
}
