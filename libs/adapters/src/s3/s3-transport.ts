import { AsyncLocalStorage } from 'node:async_hooks';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** A refusal by the server that its client would hide behind a message of its own. */
export class S3ServerError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'S3ServerError';
  }
}

/** Milliseconds without a byte in either direction after which a request is given up. */
export const IDLE_MS = 20_000;
const MAX_SOCKETS = 64;

const signals = new AsyncLocalStorage<AbortSignal | undefined>();

/** Runs the work; every request that it makes ends when the signal aborts. Without a signal, also one of the caller's no longer holds. */
export function underSignal<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return signals.run(signal, work);
}

/** How requests leave the process: kept connections, a limit on silence, an end by signal. The `minio` client has none of these. */
export function s3Transport(tls: boolean, idleMs = IDLE_MS): { readonly transport: Pick<typeof http, 'request'>; readonly agent: http.Agent } {
  const { request, Agent } = tls ? https : http;
  const send = (options: RequestOptions, respond?: (response: IncomingMessage) => void) => {
    const sent = request({ ...options, signal: signals.getStore() }, (response) => {
      // The client drops the text of these answers, which says whether the disk is full.
      if ((response.statusCode ?? 0) >= 500) void refusalOf(response).then((error) => fail(sent, error));
      else respond?.(response);
    });
    sent.setTimeout(idleMs, () => sent.destroy(Object.assign(new Error(`no byte for ${idleMs} ms`), { code: 'ETIMEDOUT' })));
    return sent;
  };
  return { transport: { request: send as typeof http.request }, agent: new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS }) };
}

/** A request that was answered in full counts as destroyed, and would swallow the error. */
function fail(sent: ClientRequest, error: Error): void {
  sent.emit('error', error);
  if (!sent.writableFinished) sent.destroy();
}

async function refusalOf(response: IncomingMessage): Promise<S3ServerError> {
  const body = await text(response).catch(() => '');
  const header = response.headers['x-minio-error-code'];
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? (typeof header === 'string' ? header : 'InternalError');
  return new S3ServerError(response.statusCode ?? 500, code, /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? 'no message');
}
