import { once } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { toGrpcStatus } from '@gpt4video/contracts/grpc-error';
import { orAborted } from './abort.js';
import type { CallContext, ServerCall } from './server-call.js';

/** A unary RPC's method. */
export type UnaryMethod = (request: unknown, context: CallContext) => Promise<unknown>;

/** A server-streaming RPC's method. */
export type StreamMethod = (request: unknown, context: CallContext) => AsyncIterable<unknown>;

/** Starts the books of a call. */
export type OpenCall = (call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>) => ServerCall;

/** Serves a method that answers once. The caller is answered as soon as the call's signal fires. */
export function serveUnary(method: UnaryMethod, open: OpenCall): handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    const served = open(call);
    const work = served.run(async () => method(call.request, served.context));
    orAborted(work, served.context.signal).then(
      (response) => {
        served.succeed();
        callback(null, response);
      },
      (thrown: unknown) => callback(toGrpcStatus(served.fail(thrown))),
    );
  };
}

/** Serves a method that answers in pieces: the next piece is asked for only when the transport has room. */
export function serveStream(method: StreamMethod, open: OpenCall): handleServerStreamingCall<unknown, unknown> {
  return (call) => {
    const served = open(call);
    pump(method, call, served).then(
      () => {
        served.succeed();
        call.end();
      },
      (thrown: unknown) => call.emit('error', toGrpcStatus(served.fail(thrown))),
    );
  };
}

async function pump(method: StreamMethod, call: ServerWritableStream<unknown, unknown>, served: ServerCall): Promise<void> {
  const { signal } = served.context;
  const pieces = served.run(() => method(call.request, served.context)[Symbol.asyncIterator]());
  try {
    for (;;) {
      // A generator's body runs in the context of whoever calls next().
      const next = await orAborted(served.run(() => pieces.next()), signal);
      if (next.done === true) return;
      if (!call.write(next.value)) await orAborted(once(call, 'drain', { signal }), signal);
    }
  } catch (thrown) {
    // Its finally blocks run once the generator reaches its next yield; the caller need not wait for that.
    served.run(() => pieces.return?.())?.catch(() => undefined);
    throw thrown;
  }
}
