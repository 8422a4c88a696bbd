import type { Execution } from './execution.js';

/** Element types that cross the session boundary. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A dense row-major tensor; `data.length` equals the product of `shape`. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Name → tensor. */
export type TensorMap = Readonly<Record<string, NamedTensor>>;

/** An input or output of a graph; a string in `shape` names a dynamic axis. */
export interface TensorSpec {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** A loaded model: a pure function from tensors to tensors, run outside the event loop. */
export abstract class ModelSession {
  abstract readonly inputs: readonly TensorSpec[];
  abstract readonly outputs: readonly TensorSpec[];
  /** What computes it. */
  abstract readonly execution: Execution;

  /**
   * Runs the graph. Inputs may be neutered (transferred) when `transfer` is set.
   * Throws `internal` naming the inputs' names, types and shapes when the runtime refuses, `cancelled` when the signal fires while queued.
   */
  abstract run(inputs: TensorMap, options?: RunOptions): Promise<TensorMap>;

  /** Frees the model. */
  abstract close(): Promise<void>;
}

/** Options of one run. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Outputs wanted; all when absent. */
  readonly outputs?: readonly string[];
}
