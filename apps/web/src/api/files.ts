import { errorIn } from './api-error';
import { read } from './call';
import { keyOf } from './keys';
import type { ApiFile } from './types';

/** An upload under way. */
export interface UploadWatch {
  /** The same key never stores a clip twice. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Share that has been sent, 0 to 1. */
  onProgress(share: number): void;
}

/** Uploads a clip. Throws `ApiError` for a refusal, `TypeError` for a lost connection. */
export async function uploadClip(clip: File, { key, signal, onProgress }: UploadWatch): Promise<ApiFile> {
  const authorization = `Bearer ${await keyOf('tenant')}`;
  const form = new FormData();
  form.set('purpose', 'vision');
  form.set('file', clip);
  // `fetch` does not tell how far a body has been sent.
  const request = new XMLHttpRequest();
  request.open('POST', '/v1/files');
  request.setRequestHeader('authorization', authorization);
  request.setRequestHeader('idempotency-key', key);
  request.responseType = 'json';
  request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => request.abort());
    request.onload = () => (request.status === 200 ? resolve(request.response as ApiFile) : reject(errorIn(request.status, request.response)));
    request.onerror = () => reject(new TypeError('the connection was lost'));
    request.onabort = () => reject(signal.reason as Error);
    request.send(form);
  });
}

/** What is known of a file. */
export function getFile(id: string): Promise<ApiFile> {
  return read<ApiFile>(`/v1/files/${id}`);
}
