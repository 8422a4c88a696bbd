import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './worker-messages.js';
import { toWireError } from './worker-messages.js';

/** What a call may use: `emit` sends an event, `transfer` names buffers of the result that move instead of being copied. */
export interface CallScope {
  readonly signal: AbortSignal;
  emit(value: unknown): void;
  transfer(buffers: readonly ArrayBuffer[]): void;
}

/** A model inside a worker. The `ready` value is sent once; calls come one at a time. */
export interface WorkerService<Request, Result> {
  readonly ready: unknown;
  call(request: Request, scope: CallScope): Promise<Result>;
  close(): Promise<void>;
}

/** Runs the service in this worker thread until the main thread closes it. `start` gets the options of `WorkerClient.start`. */
export async function serveWorker<Options, Request, Result>(start: (options: Options) => Promise<WorkerService<Request, Result>>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file runs in a worker thread only; open the model through its adapter.');
  const send = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  try {
    const service = await start(workerData as Options);
    const running = new Map<number, AbortController>();
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'cancel') running.get(message.id)?.abort();
      if (message.kind === 'close') void service.close().finally(() => port.close());
      if (message.kind === 'call') void answer(service, message.id, message.request as Request, { running, send });
    });
    send({ kind: 'ready', value: service.ready });
  } catch (thrown) {
    send({ kind: 'refused', error: toWireError(thrown) });
    port.close();
  }
}

interface Line {
  readonly running: Map<number, AbortController>;
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
}

async function answer<Request, Result>(service: WorkerService<Request, Result>, id: number, request: Request, { running, send }: Line): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const moved: ArrayBuffer[] = [];
  try {
    const scope: CallScope = { signal: controller.signal, emit: (value) => send({ kind: 'event', id, value }), transfer: (buffers) => void moved.push(...buffers) };
    const value = await service.call(request, scope);
    send({ kind: 'result', id, value }, moved);
  } catch (thrown) {
    send({ kind: 'error', id, error: toWireError(thrown) });
  } finally {
    running.delete(id);
  }
}
