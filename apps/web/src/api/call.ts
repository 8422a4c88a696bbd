import { ApiError, readError } from './api-error';
import { keyAfterRefusal, keyOf, type KeyRole } from './keys';

/** Calls the API with the role's key. Throws `ApiError` for an answer that is not 2xx, and what `fetch` throws when there is none. */
export async function call(path: string, init: RequestInit = {}, role: KeyRole = 'tenant'): Promise<Response> {
  return send(path, init, role, await keyOf(role));
}

/** Reads JSON. */
export async function read<T>(path: string, init: RequestInit = {}, role: KeyRole = 'tenant'): Promise<T> {
  return (await (await call(path, init, role)).json()) as T;
}

/** A POST of JSON that happens once, however often it is sent with this key. */
export function once(key: string, body: unknown, signal?: AbortSignal): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'idempotency-key': key }, ...(signal === undefined ? {} : { signal }) };
}

async function send(path: string, init: RequestInit, role: KeyRole, key: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${key}`);
  const response = await fetch(path, { ...init, headers });
  if (response.ok) return response;
  const error: ApiError = await readError(response);
  if (error.status === 401) return send(path, init, role, await keyAfterRefusal(role, key));
  throw error;
}
