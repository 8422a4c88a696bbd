import { DomainError } from '@gpt4video/ports/errors';
import type { MediaPart } from '../../core/chat/turn.js';

const DATA_URL = /^data:(video\/[\w.+-]+|image\/(?:gif|png|jpeg|webp)|application\/octet-stream);base64,([A-Za-z0-9+/=\s]+)$/;

/** What a `url` of a request names: `file:<id>`, a data URL, or https. Throws `invalid_video` or `unsupported_media` naming the field. */
export function mediaOf(url: string, param: string): MediaPart {
  if (url.startsWith('file:')) return { kind: 'file', fileId: url.slice('file:'.length), param };
  const [, mediaType, base64] = DATA_URL.exec(url) ?? [];
  if (mediaType !== undefined && base64 !== undefined) return { kind: 'bytes', bytes: new Uint8Array(Buffer.from(base64, 'base64')), mediaType, param };
  if (url.startsWith('data:')) throw new DomainError('invalid_video', 'The data URL is no video or picture in base64; write "data:video/mp4;base64,…".', { param });
  return { kind: 'remote', url, param };
}
