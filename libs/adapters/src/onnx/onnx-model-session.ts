import type { Execution, ExecutionProvider } from '@gpt4video/ports/execution';
import { ModelSession } from '@gpt4video/ports/model-session';
import type { RunOptions, TensorMap, TensorSpec } from '@gpt4video/ports/model-session';
import { blankInputs } from './blank-inputs.js';
import { RunQueue } from './run-queue.js';
import type { SessionRequest } from './session-worker.js';
import type { ExposedStates, RuntimeOptions } from './runtime-session.js';
import { adoptTensors, copyTensors } from './tensor-transfer.js';
import type { MovedTensor } from './tensor-transfer.js';
import { WorkerClient } from './worker-client.js';

/** How a session is opened. */
export interface OnnxSessionOptions {
  /** The `.onnx` file. */
  readonly path: string;
  /** Threads of one operator; 1 when absent. */
  readonly threads?: number;
  /** What may compute it, best first; the processor when absent. */
  readonly providers?: readonly ExecutionProvider[];
  /** Runs that may wait; 64 when absent. */
  readonly maxWaiting?: number;
  /** Inner tensors that become outputs too. */
  readonly expose?: readonly ExposedStates[] | undefined;
  /** Inputs of one run before the session counts as ready; zeros when absent. */
  readonly warmUp?: TensorMap;
}

const MAX_WAITING = 64;

/** An ONNX graph in a worker thread of its own, since the runtime blocks the thread that calls it. */
export class OnnxModelSession extends ModelSession {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly execution: Execution;
  readonly #queue: RunQueue;

  private constructor(
    private readonly worker: WorkerClient,
    maxWaiting: number,
  ) {
    super();
    const { inputs, outputs, execution } = worker.ready as { inputs: readonly TensorSpec[]; outputs: readonly TensorSpec[]; execution: Execution };
    this.inputs = inputs;
    this.outputs = outputs;
    this.execution = execution;
    this.#queue = new RunQueue(maxWaiting);
  }

  /** Loads the graph and warms it up. Throws `model_unavailable` naming the file. */
  static async open({ path, threads = 1, providers, maxWaiting = MAX_WAITING, expose, warmUp }: OnnxSessionOptions): Promise<OnnxModelSession> {
    const options: RuntimeOptions = { path, threads, providers, expose };
    const session = new OnnxModelSession(await WorkerClient.start('session-worker', options), maxWaiting);
    const first = warmUp ?? blankInputs(session.inputs);
    if (first !== undefined) await session.run(first);
    return session;
  }

  /** As the port says; throws `overloaded` when too many runs wait. A run that has begun is finished. */
  async run(inputs: TensorMap, options: RunOptions = {}): Promise<TensorMap> {
    const leave = await this.#queue.enter(options.signal);
    try {
      // The caller keeps its tensors. A copy that moves is one copy; a message that is cloned makes two, of whole buffers.
      const { tensors, buffers } = copyTensors(inputs);
      const request: SessionRequest = { inputs: tensors, outputs: options.outputs };
      return adoptTensors((await this.worker.call(request, { transfer: buffers })) as Record<string, MovedTensor>);
    } finally {
      leave();
    }
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  /** Nest calls it by name: a process that exits while a thread still holds a native session may crash. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
