import { nodeMessage, tensorMessage, valueMessage } from './onnx-messages.js';
import type { Attribute, DataType, OnnxNode, OnnxValue } from './onnx-messages.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** A model file and the weights beside it. */
export interface OnnxFiles {
  readonly graph: Uint8Array;
  /** Pieces of the weights file, in order. */
  readonly weights: readonly Uint8Array[];
}

/** A constant of the graph: row-major, little-endian. */
export interface OnnxConstant {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | BigInt64Array;
}

const IR_VERSION = 10;
const OPSET = 21;
const CONTRIB = 'com.microsoft';
const CONTRIB_OPSET = 1;
/** Constants below this stay in the graph file. */
const EXTERNAL_BYTES = 1024;
/** The runtime maps constants that begin on a page instead of reading them. */
const PAGE = 4096;

/** Collects nodes and constants and writes them as an ONNX model with external data. */
export class OnnxGraph {
  readonly #graph = new ProtobufWriter();
  readonly #constants = new Set<string>();
  readonly #weights: Uint8Array[] = [];
  #weightBytes = 0;

  /** `weightsFile` is the name of the file beside the graph that holds the large constants. */
  constructor(
    private readonly name: string,
    private readonly weightsFile: string,
  ) {}

  /** Adds an operator and returns the name of its first output. */
  node(node: OnnxNode): string {
    this.#graph.message(1, nodeMessage(node));
    return node.outputs[0] ?? '';
  }

  /** Adds a one-output operator of the standard set. */
  op(op: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.node({ op, inputs, outputs: [output], attributes });
  }

  /** Adds an operator of the runtime's own set, `com.microsoft`. */
  contrib(node: Omit<OnnxNode, 'domain'>): string {
    return this.node({ ...node, domain: CONTRIB });
  }

  /** Adds a constant once and returns its name. */
  constant(name: string, { type, shape, data }: OnnxConstant): string {
    if (this.#constants.has(name)) return name;
    this.#constants.add(name);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const place = bytes.length < EXTERNAL_BYTES ? { raw: bytes } : this.#store(bytes);
    this.#graph.message(5, tensorMessage({ name, type, shape }, place));
    return name;
  }

  /** A constant of int64 values, named for them. */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const name = `int64.${shape.join('x')}.${values.join(',')}`;
    return this.constant(name, { type: 'int64', shape, data: BigInt64Array.from(values, BigInt) });
  }

  input(value: OnnxValue): string {
    this.#graph.message(11, valueMessage(value));
    return value.name;
  }

  output(value: OnnxValue): void {
    this.#graph.message(12, valueMessage(value));
  }

  /** `ModelProto` and the pieces of its weights file. */
  finish(): OnnxFiles {
    const opset = (domain: string, version: number) => new ProtobufWriter().string(1, domain).int(2, version);
    const model = new ProtobufWriter().int(1, IR_VERSION).string(2, 'gpt4video');
    model.message(7, this.#graph.string(2, this.name)).message(8, opset('', OPSET)).message(8, opset(CONTRIB, CONTRIB_OPSET));
    return { graph: model.finish(), weights: this.#weights };
  }

  #store(bytes: Uint8Array): { file: string; offset: number; bytes: number } {
    const padding = (PAGE - (this.#weightBytes % PAGE)) % PAGE;
    if (padding > 0) this.#weights.push(new Uint8Array(padding));
    const offset = this.#weightBytes + padding;
    this.#weights.push(bytes);
    this.#weightBytes = offset + bytes.length;
    return { file: this.weightsFile, offset, bytes: bytes.length };
  }
}
