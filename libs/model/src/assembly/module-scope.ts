import { addLayerNorm, addLinear } from './dense-layers.js';
import type { GraphSource } from './dense-layers.js';
import type { Attribute, OnnxNode } from './onnx-messages.js';

/** A module of a PyTorch model on its way into a graph: tensors are found, and values named, by their path below it. */
export class ModuleScope {
  constructor(
    private readonly source: GraphSource,
    private readonly path = '',
  ) {}

  /** The module below this one. */
  at(child: string): ModuleScope {
    return new ModuleScope(this.source, this.#full(child));
  }

  /** The module's tensor as a float32 value, in the graph of shape `view`. Throws `artifact_corrupt` naming file, tensor, expected and found shape. */
  weight(tensor: string, shape: readonly number[], view = shape): string {
    return this.source.weights.tensor(this.#full(tensor), shape, view);
  }

  /** `nn.Linear` on rows `[rows, from]`. */
  linear(rows: string, { from, to, bias = true }: { readonly from: number; readonly to: number; readonly bias?: boolean }): string {
    const weight = this.weight('weight', [to, from]);
    return addLinear(this.source, this.#full('projected'), rows, bias ? { weight, bias: this.weight('bias', [to]) } : { weight });
  }

  /** `nn.LayerNorm` on rows `[rows, width]`, of PyTorch's epsilon. */
  layerNorm(rows: string, width: number): string {
    return addLayerNorm(this.source, rows, { name: this.path, width, epsilon: 1e-5 });
  }

  /** A float32 constant that is no tensor of the checkpoint; one name, one constant. */
  floats(name: string, values: Float32Array, shape: readonly number[] = [values.length]): string {
    return this.source.graph.constant(name, { type: 'float32', shape, data: values });
  }

  ints(values: readonly number[]): string {
    return this.source.graph.ints(values);
  }

  /** Adds a one-output operator of the standard set; `name` says what its output is. */
  op(op: string, inputs: readonly string[], name: string, attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.source.graph.op(op, inputs, this.#full(name), attributes);
  }

  /** Adds an operator of the runtime's own set. */
  contrib(op: string, inputs: readonly string[], name: string, attributes: OnnxNode['attributes'] = {}): string {
    return this.source.graph.contrib({ op, inputs, outputs: [this.#full(name)], attributes });
  }

  /** Cuts the last axis into two halves. */
  halves(input: string): { readonly first: string; readonly second: string } {
    const [first, second] = [this.#full('first_half'), this.#full('second_half')];
    this.source.graph.node({ op: 'Split', inputs: [input], outputs: [first, second], attributes: { axis: { int: -1 }, num_outputs: { int: 2 } } });
    return { first, second };
  }

  #full(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}
