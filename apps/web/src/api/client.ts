import type { ApiFile, ApiFilm } from './types';

/** A refusal or failure of the API, with the sentence it gave. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

let key: string | undefined;

/** Calls the API with the page's key; a failing status becomes an ApiError. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${await pageKey()}`);
  const response = await fetch(path, { ...init, headers });
  if (response.ok) return response;
  throw await readError(response);
}

/** Uploads a clip; the server streams it to its store. */
export async function uploadClip(clip: File): Promise<ApiFile> {
  const form = new FormData();
  form.set('purpose', 'vision');
  form.set('file', clip);
  return (await (await call('/v1/files', { method: 'POST', body: form })).json()) as ApiFile;
}

/** State of a film. */
export async function getFilm(id: string): Promise<ApiFilm> {
  return (await (await call(`/v1/videos/${id}`)).json()) as ApiFilm;
}

/** Stops a film that is queued or being made. */
export async function cancelFilm(id: string): Promise<void> {
  await call(`/v1/videos/${id}/cancel`, { method: 'POST' });
}

/** An object URL for bytes behind the key; the caller revokes it. */
export async function objectUrl(path: string): Promise<string> {
  return URL.createObjectURL(await (await call(path)).blob());
}

/** On one machine the server hands its own page a key; elsewhere the person gives one, which the browser remembers. */
async function pageKey(): Promise<string> {
  if (key !== undefined) return key;
  const stored = localStorage.getItem('gpt4video.key');
  const session = await fetch('/v1/session');
  if (session.ok) key = ((await session.json()) as { key: string }).key;
  else key = stored ?? askForKey();
  return key;
}

function askForKey(): string {
  const given = window.prompt('API key') ?? '';
  localStorage.setItem('gpt4video.key', given);
  return given;
}

async function readError(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return new ApiError(response.status, error.code, error.message);
  } catch {
    return new ApiError(response.status, 'unreadable', `The server answered ${response.status}.`);
  }
}
