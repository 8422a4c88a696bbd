import { encodedPieces } from '../tensor/encoded-pieces.js';
import type { ElementRange, WeightPrecision } from '../tensor/encoded-pieces.js';
import { elementCount } from '../tensor/tensor.js';
import type { TensorFiles } from '../tensor/tensor-files.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Some of a tensor's rows, in an order of their own. */
export interface ChosenRows {
  /** Name of the value in the graph. */
  readonly as: string;
  /** Blocks of rows, `from` inclusive to `to` exclusive. */
  readonly blocks: readonly ElementRange[];
}

/** Takes a checkpoint's tensors into a graph as float32 values, whatever the precision they are kept in. */
export class GraphWeights {
  readonly #added = new Map<string, string>();

  constructor(
    private readonly graph: OnnxGraph,
    private readonly tensors: TensorFiles,
    private readonly precision: WeightPrecision,
  ) {}

  /**
   * The tensor as a value of the graph, of the checkpoint's shape or of `reshaped`. Throws `artifact_corrupt` naming file, tensor,
   * expected and found when it is missing or of another shape.
   */
  tensor(name: string, shape: readonly number[], reshaped = shape): string {
    return this.#add(name, { name, shape, reshaped, ranges: [[0, elementCount(shape)]] });
  }

  /** Rows of a matrix or elements of a vector, for checkpoints that keep several matrices in one. Throws as `tensor`. */
  rows(name: string, shape: readonly number[], { as, blocks }: ChosenRows): string {
    const [, ...row] = shape;
    const size = elementCount(row);
    const count = blocks.reduce((sum, [from, to]) => sum + to - from, 0);
    return this.#add(as, { name, shape, reshaped: [count, ...row], ranges: blocks.map(([from, to]) => [from * size, to * size]) });
  }

  /** Layers that run twice take the same value twice. */
  #add(as: string, part: Part): string {
    const value = this.#added.get(as) ?? this.#make(as, part);
    this.#added.set(as, value);
    return value;
  }

  #make(as: string, { name, shape, reshaped, ranges }: Part): string {
    const stored = this.tensors.require(name, shape);
    // Vectors are norms and biases: they weigh little and their rounding would show most.
    const type = shape.length < 2 ? 'float32' : this.precision;
    const constant = this.graph.constant(as, { type, shape: reshaped, data: encodedPieces(stored, type, ranges) });
    return type === 'float32' ? constant : this.graph.op('Cast', [constant], `${constant}.float32`, { to: { int: FLOAT32 } });
  }
}

interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  readonly reshaped: readonly number[];
  readonly ranges: readonly ElementRange[];
}

const FLOAT32 = 1;
