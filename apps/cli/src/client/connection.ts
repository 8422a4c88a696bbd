import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../models-options.js';

/** Where the server is and how to be let in. */
export interface Connection {
  readonly url: string;
  readonly key: string;
}

/** Answers that are not what was asked for; the message is the server's own. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server as said, or the one of this machine: its key lies in its data folder. */
export async function connectionOf(values: { readonly url: string; readonly key: string | undefined; readonly data: string }): Promise<Connection> {
  const key = values.key ?? (await readFile(join(values.data, 'api-key'), 'utf8').then((text) => text.trim(), () => undefined));
  if (key === undefined) throw new UsageError(`There is no key in ${values.data}; give --key, or set GPT4VIDEO_API_KEY.`);
  return { url: values.url.replace(/\/$/, ''), key };
}

/** A request to the API. Throws ApiFailure with the server's words, or what stands in the way of reaching it. */
export async function call({ url, key }: Connection, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${key}`);
  const response = await fetch(`${url}${path}`, { ...init, headers }).catch((error: unknown) => {
    throw new ApiFailure('unreachable', `${url} does not answer (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}); is the server running? npm start`);
  });
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  throw new ApiFailure(body.error?.code ?? String(response.status), body.error?.message ?? `the server answers ${response.status}`);
}

/** POSTs JSON. */
export function post(connection: Connection, path: string, body: object): Promise<Response> {
  return call(connection, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}
