import { type CallOptions as GrpcCallOptions, type ChannelCredentials, type Client, type ClientOptions, type ClientReadableStream, type ClientUnaryCall, connectivityState, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { propagation, SpanKind } from '@opentelemetry/api';
import { grpcStatusName } from '@gpt4video/contracts/error-codes';
import { fromServiceError } from '@gpt4video/contracts/grpc-error';
import type { DomainError, ErrorCode } from '@gpt4video/ports/errors';
import { abortReason, orAborted } from './abort.js';
import { anotherTry } from './grpc-repeat.js';
import { CLIENT_OPTIONS, grpcTarget } from './grpc-target.js';
import { currentRequestId } from './request-context.js';
import { REQUEST_ID_KEY } from './server-call.js';
import { openSpan, type OpenSpan } from './tracing.js';

/** How one call is made. */
export interface CallOptions {
  /** Cancels the call, on the wire too. */
  readonly signal: AbortSignal;
  /** Deadline, milliseconds from now; the server sees it. */
  readonly timeoutMs?: number;
  /** Milliseconds that a peer may be away, as one is that restarts, before the call is `unavailable`; 5,000 when absent. */
  readonly awayMs?: number;
  /** True when a repeat does no harm: the call is then made again, twice at most, when its server was lost or left before the first answer. */
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

const AWAY_MS = 5_000;

/** A client of a generated class on its own channel to the replicas at an address (`PEER_ADDRESS`); it connects on the first call. Close it with `close()`. */
export function openClient<Stub extends Client>(Stub: new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>) => Stub, address: string): Stub {
  return new Stub(grpcTarget(address), credentials.createInsecure(), { ...CLIENT_OPTIONS });
}

/** Makes a unary call. Rejects with a DomainError: the peer's own, `unavailable`, `deadline_exceeded` or the signal's reason. */
export async function callUnary<Stub extends Client, Name extends UnaryName<Stub>>(
  client: Stub,
  name: Name,
  request: UnaryTypes<Stub[Name]>['request'],
  options: CallOptions,
): Promise<UnaryTypes<Stub[Name]>['response']> {
  const rpc = (client[name] as UnaryRpc<unknown, UnaryTypes<Stub[Name]>['response']>).bind(client);
  const way = { signal: options.signal, wire: deadlineOf(options) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await peerBack(client, options);
      return await unaryOnce(rpc, peerOf(client, name), request, way);
    } catch (thrown) {
      await anotherTry(thrown, attempt, options);
    }
  }
}

/** Makes a streaming call when it is iterated. Pulls with backpressure; leaving the loop early cancels the call. Throws like `callUnary`. */
export async function* callStream<Stub extends Client, Name extends StreamName<Stub>>(
  client: Stub,
  name: Name,
  request: StreamTypes<Stub[Name]>['request'],
  options: CallOptions,
): AsyncGenerator<StreamTypes<Stub[Name]>['response'], void, undefined> {
  const rpc = (client[name] as StreamRpc<unknown, StreamTypes<Stub[Name]>['response']>).bind(client);
  const way = { signal: options.signal, wire: deadlineOf(options) };
  for (let attempt = 1; ; attempt += 1) {
    let begun = false;
    try {
      await peerBack(client, options);
      for await (const piece of streamOnce(rpc, peerOf(client, name), request, way)) {
        begun = true;
        yield piece;
      }
      return;
    } catch (thrown) {
      if (begun) throw thrown;
      await anotherTry(thrown, attempt, options);
    }
  }
}

async function* streamOnce<Response>(rpc: StreamRpc<unknown, Response>, peer: Peer, request: unknown, { signal, wire }: Way): AsyncGenerator<Response, void, undefined> {
  const { span, metadata } = outgoing(peer);
  let outcome: ErrorCode | undefined = 'cancelled';
  const call = rpc(request, metadata, wire);
  // A cancelled call reports its end as an error event, also when nobody reads any more.
  call.on('error', () => undefined);
  const cancel = (): void => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    yield* call as AsyncIterable<Response>;
    outcome = undefined;
  } catch (thrown) {
    const error = callError(thrown, signal);
    outcome = error.code;
    span.fail(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
    close(span, outcome);
  }
}

function unaryOnce<Response>(rpc: UnaryRpc<unknown, Response>, peer: Peer, request: unknown, { signal, wire }: Way): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { span, metadata } = outgoing(peer);
    const cancel = (): void => call.cancel();
    const call = rpc(request, metadata, wire, (thrown, response) => {
      signal.removeEventListener('abort', cancel);
      const error = thrown === null ? undefined : callError(thrown, signal);
      if (error !== undefined) span.fail(error);
      close(span, error?.code);
      if (error === undefined) resolve(response);
      else reject(error);
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
}

/** What every try of a call shares. */
interface Way {
  readonly signal: AbortSignal;
  readonly wire: Partial<GrpcCallOptions>;
}

/** What is called, as spans name it. */
interface Peer {
  readonly method: string;
  readonly host: string;
  /** Undefined where the address is a list of replicas. */
  readonly port: number | undefined;
}

function peerOf<Stub extends Client>(client: Stub, name: keyof Stub): Peer {
  // grpc-js keeps each method's path, such as `/gpt4video.clip.v1.ClipService/EncodeVideo`, on the stub's function.
  const { path } = client[name] as unknown as { readonly path: string };
  const replicas = client.getChannel().getTarget().replace(/^[a-z0-9]+:(\/\/[^/]*\/)?(?=.*:)/, '');
  const [, host = replicas, port] = /^([^,]+):(\d+)$/.exec(replicas) ?? [];
  return { method: path.slice(1), host, port: port === undefined ? undefined : Number(port) };
}

/** Waits until a replica is connected; a call that is made while none is would fail at once. Whoever waits in vain makes the call and learns why. */
async function peerBack(client: Client, { signal, awayMs = AWAY_MS, timeoutMs = awayMs }: CallOptions): Promise<void> {
  if (signal.aborted) throw abortReason(signal);
  if (client.getChannel().getConnectivityState(true) === connectivityState.READY) return;
  const waited = new Promise<void>((resolve) => client.waitForReady(Date.now() + Math.min(awayMs, timeoutMs), () => resolve()));
  await orAborted(waited, signal);
}

function outgoing({ method, host, port }: Peer) {
  const span = openSpan(method, { kind: SpanKind.CLIENT, attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method, 'server.address': host, 'server.port': port } });
  const headers: Record<string, string> = {};
  propagation.inject(span.within, headers);
  const requestId = currentRequestId();
  if (requestId !== undefined) headers[REQUEST_ID_KEY] = requestId;
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return { span, metadata };
}

function close(span: OpenSpan, code: ErrorCode | undefined): void {
  span.set({ 'rpc.response.status_code': grpcStatusName(code) });
  span.end();
}

function deadlineOf({ timeoutMs }: CallOptions): Partial<GrpcCallOptions> {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function callError(thrown: unknown, signal: AbortSignal): DomainError {
  if (signal.aborted) return abortReason(signal);
  return fromServiceError(thrown as ServiceError);
}
