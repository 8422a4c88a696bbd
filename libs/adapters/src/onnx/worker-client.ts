import { Worker } from 'node:worker_threads';
import { DomainError } from '@gpt4video/ports/errors';
import { fromWireError } from './worker-messages.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (value: unknown) => void;
  /** Buffers of the request that move to the worker instead of being copied; the caller has them no more. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Files of this folder that run in a worker thread. */
export type WorkerEntry = 'session-worker' | 'language-worker' | 'film-worker';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: DomainError) => void;
  readonly onEvent: (value: unknown) => void;
}

/** The main thread's end of a model worker. An idle worker does not keep the process alive. */
export class WorkerClient {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #stopped: DomainError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly worker: Worker,
    /** What the worker said of itself when it was ready. */
    readonly ready: unknown,
  ) {
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (cause) => this.#stop(new DomainError('model_unavailable', 'A model worker failed; restart the service.', { cause })));
    worker.on('exit', () => this.#stop(new DomainError('model_unavailable', 'The model is closed.')));
    worker.unref();
  }

  /** Starts a worker and waits until its model is loaded. Throws what the worker threw. */
  static async start(entry: WorkerEntry, options: unknown): Promise<WorkerClient> {
    const worker = spawn(entry, options);
    const first = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (cause) => reject(new DomainError('model_unavailable', `The ${entry} did not start: ${String(cause)}.`, { cause })));
      worker.once('exit', (code) => reject(new DomainError('model_unavailable', `The ${entry} ended with code ${code} before its model was loaded.`)));
    });
    if (first.kind === 'refused') throw fromWireError(first.error);
    return new WorkerClient(worker, first.kind === 'ready' ? first.value : undefined);
  }

  /** Resolves with the call's result. When the signal fires the worker is told; the promise settles when the worker has stopped. */
  async call(request: unknown, { signal, onEvent, transfer }: CallOptions = {}): Promise<unknown> {
    if (this.#stopped !== undefined) throw this.#stopped;
    const id = this.#nextId++;
    const cancel = (): void => this.#post({ kind: 'cancel', id });
    const result = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject, onEvent: onEvent ?? (() => undefined) }));
    this.worker.ref();
    this.#post({ kind: 'call', id, request }, transfer);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.worker.unref();
    }
  }

  /** Frees the model and ends the thread; running calls end with `model_unavailable`. */
  async close(): Promise<void> {
    if (this.#stopped === undefined) await (this.#closing ??= this.#end());
  }

  #end(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.ref();
    this.#post({ kind: 'close' });
    return ended;
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'ready' || message.kind === 'refused') return;
    const pending = this.#pending.get(message.id);
    if (message.kind === 'event') pending?.onEvent(message.value);
    if (message.kind === 'result') pending?.resolve(message.value);
    if (message.kind === 'error') pending?.reject(fromWireError(message.error));
  }

  #stop(error: DomainError): void {
    this.#stopped ??= error;
    for (const pending of this.#pending.values()) pending.reject(this.#stopped);
  }
}

/**
 * The worker's file lies beside this one. Built, both are `.js`; under a test both are `.ts`, so the worker gets a loader for
 * sources and the packages' `development` exports: it runs the same sources as the test, never a stale build.
 */
function spawn(entry: WorkerEntry, workerData: unknown): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = new URL(`./${entry}${fromSource ? '.ts' : '.js'}`, import.meta.url);
  const execArgv = fromSource ? ['--conditions=development', '--disable-warning=ExperimentalWarning', '--import', new URL('./source-loader.mjs', import.meta.url).href] : [];
  return new Worker(file, { workerData, execArgv });
}
