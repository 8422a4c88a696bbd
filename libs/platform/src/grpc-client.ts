import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type CallOptions as GrpcCallOptions, type ChannelCredentials, type Client, type ClientOptions, type ClientReadableStream, type ClientUnaryCall, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { propagation, SpanKind } from '@opentelemetry/api';
import { fromServiceError } from '@gpt4video/contracts/grpc-error';
import { type DomainError, isDomainError } from '@gpt4video/ports/errors';
import { abortReason, orAborted } from './abort.js';
import { CHANNEL_OPTIONS } from './channel-options.js';
import { currentRequestId } from './request-context.js';
import { REQUEST_ID_KEY } from './server-call.js';
import { markFailed, openSpan } from './tracing.js';

/** How one call is made. */
export interface CallOptions {
  /** Cancels the call, on the wire too. */
  readonly signal: AbortSignal;
  /** Deadline, milliseconds from now; the server sees it. */
  readonly timeoutMs?: number;
  /** True when a repeat does no harm: the call is then tried once more when nobody answered. Unary calls only. */
  readonly idempotent?: boolean;
}

/** Names of a client's unary RPCs. */
export type UnaryName<Stub> = { [Name in keyof Stub]: Stub[Name] extends UnaryRpc<infer _Request, infer _Response> ? Name : never }[keyof Stub] & string;

/** Names of a client's server-streaming RPCs. */
export type StreamName<Stub> = { [Name in keyof Stub]: Stub[Name] extends StreamRpc<infer _Request, infer _Response> ? Name : never }[keyof Stub] & string;

type UnaryRpc<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<GrpcCallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;
type StreamRpc<Request, Response> = (request: Request, metadata: Metadata, options: Partial<GrpcCallOptions>) => ClientReadableStream<Response>;
type UnaryTypes<Rpc> = Rpc extends UnaryRpc<infer Request, infer Response> ? { readonly request: Request; readonly response: Response } : never;
type StreamTypes<Rpc> = Rpc extends StreamRpc<infer Request, infer Response> ? { readonly request: Request; readonly response: Response } : never;

const RETRY_AFTER_MS = 100;

/** A client of a generated class on its own channel to `host:port`; it connects on the first call. Close it with `close()`. */
export function openClient<Stub extends Client>(Stub: new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>) => Stub, address: string): Stub {
  return new Stub(address, credentials.createInsecure(), { ...CHANNEL_OPTIONS });
}

/** Makes a unary call. Rejects with a DomainError: the peer's own, `unavailable`, `deadline_exceeded` or the signal's reason. */
export async function callUnary<Stub extends Client, Name extends UnaryName<Stub>>(
  client: Stub,
  name: Name,
  request: UnaryTypes<Stub[Name]>['request'],
  options: CallOptions,
): Promise<UnaryTypes<Stub[Name]>['response']> {
  const rpc = (client[name] as UnaryRpc<unknown, unknown>).bind(client);
  const attempt = () => unaryOnce(rpc, name, request, options);
  try {
    return await attempt();
  } catch (thrown) {
    if (options.idempotent !== true || !isDomainError(thrown) || thrown.code !== 'unavailable' || options.signal.aborted) throw thrown;
    await orAborted(delay(randomInt(RETRY_AFTER_MS, 2 * RETRY_AFTER_MS)), options.signal);
    return attempt();
  }
}

/** Makes a streaming call when it is iterated. Pulls with backpressure; leaving the loop early cancels the call. Throws like `callUnary`. */
export async function* callStream<Stub extends Client, Name extends StreamName<Stub>>(
  client: Stub,
  name: Name,
  request: StreamTypes<Stub[Name]>['request'],
  options: CallOptions,
): AsyncGenerator<StreamTypes<Stub[Name]>['response'], void, undefined> {
  const rpc = (client[name] as StreamRpc<unknown, unknown>).bind(client);
  if (options.signal.aborted) throw abortReason(options.signal);
  const { span, metadata } = outgoing(name);
  const call = rpc(request, metadata, deadlineOf(options));
  // A cancelled call reports its end as an error event, also when nobody reads any more.
  call.on('error', () => undefined);
  const cancel = (): void => call.cancel();
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    yield* call as AsyncIterable<StreamTypes<Stub[Name]>['response']>;
  } catch (thrown) {
    const error = callError(thrown, options.signal);
    markFailed(span, error);
    throw error;
  } finally {
    options.signal.removeEventListener('abort', cancel);
    call.cancel();
    span.end();
  }
}

function unaryOnce(rpc: UnaryRpc<unknown, unknown>, name: string, request: unknown, options: CallOptions): Promise<unknown> {
  const { signal } = options;
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const { span, metadata } = outgoing(name);
    const cancel = (): void => call.cancel();
    const call = rpc(request, metadata, deadlineOf(options), (thrown, response) => {
      signal.removeEventListener('abort', cancel);
      const error = thrown === null ? undefined : callError(thrown, signal);
      if (error !== undefined) markFailed(span, error);
      span.end();
      if (error === undefined) resolve(response);
      else reject(error);
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
}

function outgoing(name: string) {
  const { span, within } = openSpan(name, { kind: SpanKind.CLIENT, attributes: { 'rpc.system.name': 'grpc' } });
  const headers: Record<string, string> = {};
  propagation.inject(within, headers);
  const requestId = currentRequestId();
  if (requestId !== undefined) headers[REQUEST_ID_KEY] = requestId;
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return { span, metadata };
}

function deadlineOf({ timeoutMs }: CallOptions): Partial<GrpcCallOptions> {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function callError(thrown: unknown, signal: AbortSignal): DomainError {
  if (signal.aborted) return abortReason(signal);
  return fromServiceError(thrown as ServiceError);
}
