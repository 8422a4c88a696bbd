import { DomainError } from '@gpt4video/ports/errors';
import { elementCount } from '../tensor/tensor.js';
import { DATA_TYPE_BYTES, nodeMessage, tensorMessage, valueMessage } from './onnx-messages.js';
import type { Attribute, DataType, OnnxNode, OnnxValue } from './onnx-messages.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** A model file and the weights beside it. */
export interface OnnxFiles {
  readonly graph: Uint8Array;
  /** Pieces of the weights file, in order; each is made when it is asked for, so that the model need not fit in memory. */
  readonly weights: Iterable<Uint8Array>;
}

/** Makes a constant's bytes when the weights file is written, in pieces of bounded size. */
export type LazyBytes = () => Iterable<Uint8Array>;

/** A constant of the graph: row-major, little-endian. */
export interface OnnxConstant {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Uint8Array | BigInt64Array | LazyBytes;
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
  readonly #weights: StoredConstant[] = [];
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
  constant(name: string, constant: OnnxConstant): string {
    if (this.#constants.has(name)) return name;
    this.#constants.add(name);
    const { type, shape, data } = constant;
    const bytes = elementCount(shape) * DATA_TYPE_BYTES[type];
    const pieces = typeof data === 'function' ? data : () => [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
    const stored = { name, bytes, pieces };
    const place = bytes < EXTERNAL_BYTES ? { raw: joined(stored) } : this.#store(stored);
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
    return { graph: model.finish(), weights: weightPieces(this.#weights) };
  }

  #store(constant: StoredConstant): { file: string; offset: number; bytes: number } {
    const offset = Math.ceil(this.#weightBytes / PAGE) * PAGE;
    this.#weights.push(constant);
    this.#weightBytes = offset + constant.bytes;
    return { file: this.weightsFile, offset, bytes: constant.bytes };
  }
}

interface StoredConstant {
  readonly name: string;
  readonly bytes: number;
  readonly pieces: LazyBytes;
}

/** The weights file: every constant on a page of its own. */
function weightPieces(constants: readonly StoredConstant[]): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      let position = 0;
      for (const constant of constants) {
        const padding = (PAGE - (position % PAGE)) % PAGE;
        if (padding > 0) yield new Uint8Array(padding);
        yield* counted(constant);
        position += padding + constant.bytes;
      }
    },
  };
}

/** The offsets are in the graph already, so a constant of another length would move all that follow. */
function* counted({ name, bytes, pieces }: StoredConstant): Generator<Uint8Array> {
  let found = 0;
  for (const piece of pieces()) {
    found += piece.length;
    yield piece;
  }
  if (found !== bytes) throw new DomainError('internal', `Constant ${name} must have ${bytes} bytes, found ${found}.`);
}

function joined(constant: StoredConstant): Uint8Array {
  const result = new Uint8Array(constant.bytes);
  let position = 0;
  for (const piece of counted(constant)) {
    result.set(piece, position);
    position += piece.length;
  }
  return result;
}
