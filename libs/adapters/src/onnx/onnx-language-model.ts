import { promptLength } from '@gpt4video/model/language/generate';
import { DomainError } from '@gpt4video/ports/errors';
import type { Execution, ExecutionProvider } from '@gpt4video/ports/execution';
import { LanguageModel } from '@gpt4video/ports/language-model';
import type { GenerateEvent, GenerateRequest } from '@gpt4video/ports/language-model';
import { EventChannel } from './event-channel.js';
import { RunQueue } from './run-queue.js';
import { WorkerClient } from './worker-client.js';

/** How the language model is opened. */
export interface OnnxLanguageOptions {
  /** `language.onnx`, its data beside it. */
  readonly graph: string;
  /** `embeddings.safetensors`. */
  readonly embeddings: string;
  readonly contextTokens: number;
  /** Threads of one operator. */
  readonly threads: number;
  /** What may compute it, best first; the processor when absent. */
  readonly providers?: readonly ExecutionProvider[];
  /** Generations that may wait; 8 when absent. */
  readonly maxWaiting?: number;
  /** Memory for the prompts of earlier turns, in MiB; 256 when absent. */
  readonly memoryMiB?: number;
}

const MAX_WAITING = 8;
const MEMORY_MIB = 256;

/** The token loop in a worker thread, with a memory of the last conversations. One generation at a time. */
export class OnnxLanguageModel extends LanguageModel {
  readonly width: number;
  readonly execution: Execution;
  readonly #queue: RunQueue;

  private constructor(
    private readonly worker: WorkerClient,
    readonly contextTokens: number,
    maxWaiting: number,
  ) {
    super();
    const { width, execution } = worker.ready as { width: number; execution: Execution };
    this.width = width;
    this.execution = execution;
    this.#queue = new RunQueue(maxWaiting);
  }

  /** Loads the model and generates one token to warm it up. Throws `model_unavailable` naming the file. */
  static async open({ graph, embeddings, contextTokens, threads, providers, maxWaiting = MAX_WAITING, memoryMiB = MEMORY_MIB }: OnnxLanguageOptions): Promise<OnnxLanguageModel> {
    const model = new OnnxLanguageModel(await WorkerClient.start('language-worker', { graph, embeddings, threads, providers, memoryBytes: memoryMiB * 2 ** 20 }), contextTokens, maxWaiting);
    const sampling = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 0 };
    const warmUp = model.generate({ prompt: [{ kind: 'tokens', ids: [1] }], sampling, maxTokens: 1, stopIds: [] }, AbortSignal.timeout(60_000));
    for await (const event of warmUp) void event;
    return model;
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const room = this.contextTokens - promptLength(request.prompt);
    if (room < 1) {
      throw new DomainError('context_length_exceeded', `The conversation takes ${promptLength(request.prompt)} tokens, but the model reads at most ${this.contextTokens - 1} and answers; shorten it or start anew.`, { param: 'messages' });
    }
    const leave = await this.#queue.enter(signal);
    const stop = new AbortController();
    const channel = new EventChannel<GenerateEvent>();
    const running = this.worker
      .call({ ...request, maxTokens: Math.min(request.maxTokens, room) }, { signal: AbortSignal.any([signal, stop.signal]), onEvent: (event) => channel.push(event as GenerateEvent) })
      .then(() => channel.end(), (error: unknown) => channel.fail(error))
      .finally(leave);
    try {
      yield* channel;
    } finally {
      // Reached early when the caller stops pulling; the next generation may begin only when the loop has ended.
      stop.abort();
      await running;
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
