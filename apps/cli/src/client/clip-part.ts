import { constants, openAsBlob } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ApiFailure, call, type Connection } from './connection.js';

const TYPES: Readonly<Record<string, string>> = { '.mp4': 'video/mp4', '.mov': 'video/quicktime', '.webm': 'video/webm', '.mkv': 'video/x-matroska', '.gif': 'image/gif', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' };

/** A clip as a message part: a URL as it is, a file of this machine after its upload. */
export async function clipPart(connection: Connection, clip: string): Promise<object> {
  if (/^https?:\/\//.test(clip)) return { type: 'video_url', video_url: { url: clip } };
  const form = new FormData();
  form.set('purpose', 'vision');
  // A missing file would only be missed while it is sent.
  await access(clip, constants.R_OK).catch(() => Promise.reject(new ApiFailure('no_such_file', `There is no file "${clip}" that can be read.`)));
  const bytes = await openAsBlob(clip, { type: TYPES[extname(clip).toLowerCase()] ?? 'application/octet-stream' });
  form.set('file', bytes, basename(clip));
  const { id } = (await (await call(connection, '/v1/files', { method: 'POST', body: form })).json()) as { id: string };
  return { type: 'video_url', video_url: { url: `file:${id}` } };
}
