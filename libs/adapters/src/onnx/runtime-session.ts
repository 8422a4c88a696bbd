import { readFile } from 'node:fs/promises';
import { cutGraph } from '@gpt4video/model/assembly/graph-cut';
import { DomainError } from '@gpt4video/ports/errors';
import type { Execution, ExecutionProvider } from '@gpt4video/ports/execution';
import type { NamedTensor, TensorData, TensorMap, TensorSpec } from '@gpt4video/ports/model-session';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { openSession } from './open-session.js';
import { elementType } from './tensor-transfer.js';

/** How a graph is loaded. */
export interface RuntimeOptions {
  /** The `.onnx` file; external data lies beside it. */
  readonly path: string;
  /** Threads of one operator. */
  readonly threads: number;
  /** What may compute it, best first; the processor when absent. */
  readonly providers?: readonly ExecutionProvider[] | undefined;
  /** Inner tensors `[B, S, width]` binary32 that are the outputs in place of the graph's own; the file must hold all its weights itself. */
  readonly expose?: readonly ExposedStates[] | undefined;
}

/** Token states inside a graph. */
export interface ExposedStates {
  readonly tensor: string;
  readonly width: number;
}

/** ONNX Runtime on the calling thread, which it blocks while it runs: only workers use it. */
export class RuntimeSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly path: string,
    readonly execution: Execution,
  ) {}

  /** Loads the graph. Throws `model_unavailable` naming the file, and the runtime's complaint or what the provider lacks; `artifact_corrupt` when it lacks an exposed tensor. */
  static async load({ path, threads, providers = ['cpu'], expose = [] }: RuntimeOptions): Promise<RuntimeSession> {
    const bytes = expose.length === 0 ? undefined : await exposing(path, expose);
    const { session, execution } = await openSession({ path, bytes, threads }, providers);
    return new RuntimeSession(session, path, execution);
  }

  get inputs(): readonly TensorSpec[] {
    return this.session.inputMetadata.map(specOf);
  }

  get outputs(): readonly TensorSpec[] {
    return this.session.outputMetadata.map(specOf);
  }

  /** Runs the graph. Throws `internal` naming every input's name, type and shape when the runtime refuses. */
  async run(inputs: TensorMap, outputs: readonly string[] = this.session.outputNames): Promise<Record<string, NamedTensor>> {
    this.#checkNames(inputs);
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, new Tensor(elementType(data), data, shape)]));
    try {
      const results = await this.session.run(feeds, outputs);
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, { shape: tensor.dims, data: tensor.data as TensorData }]));
    } catch (cause) {
      throw new DomainError('internal', `The model ${this.path} refused ${describe(inputs)}: ${messageOf(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  #checkNames(inputs: TensorMap): void {
    const missing = this.session.inputNames.filter((name) => inputs[name] === undefined);
    const unknown = Object.keys(inputs).filter((name) => !this.session.inputNames.includes(name));
    if (missing.length + unknown.length === 0) return;
    throw new DomainError('internal', `The model ${this.path} takes ${this.session.inputNames.join(', ')}; missing: ${missing.join(', ') || 'none'}, unknown: ${unknown.join(', ') || 'none'}.`);
  }
}

async function exposing(path: string, states: readonly ExposedStates[]): Promise<Uint8Array> {
  const outputs = states.map(({ tensor, width }) => ({ name: tensor, type: 'float32', shape: ['B', 'S', width] }) as const);
  return cutGraph(await readFile(path), outputs, path);
}

function specOf(value: InferenceSession.ValueMetadata): TensorSpec {
  return value.isTensor ? { name: value.name, type: value.type, shape: value.shape } : { name: value.name, type: 'unknown', shape: [] };
}

function describe(inputs: TensorMap): string {
  return Object.entries(inputs)
    .map(([name, { shape, data }]) => `${name} ${elementType(data)} [${shape.join(', ')}]`)
    .join(', ');
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
