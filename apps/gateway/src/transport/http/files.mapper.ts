import type { z } from 'zod';
import type { UploadForm } from '../../core/files/file.service.js';
import type { StoredFile } from '../../core/files/file.js';
import { type fileObject, uploadForm } from './files.schema.js';
import { parseRequest } from './parse.js';

/** The fields of an upload. Throws `invalid_request`. */
export function toUploadForm(fields: Record<string, string>): UploadForm {
  const { purpose, 'expires_after[seconds]': expiresAfterSeconds } = parseRequest(uploadForm, fields);
  return expiresAfterSeconds === undefined ? { purpose } : { purpose, expiresAfterSeconds };
}

/** A file as clients read it: OpenAI's file object, how its ingest goes, and what is in the video. */
export function toFileObject({ id, asset, createdAtMs, expiresAtMs, filename, purpose, status, stages, frames }: StoredFile): z.output<typeof fileObject> {
  return {
    id,
    object: 'file',
    bytes: asset.bytes,
    created_at: Math.floor(createdAtMs / 1_000),
    expires_at: expiresAtMs === undefined ? null : Math.floor(expiresAtMs / 1_000),
    filename,
    purpose,
    status,
    status_details: { ...stages },
    sha256: asset.sha256,
    video: toVideoFacts(frames),
  };
}

function toVideoFacts({ facts, stills }: StoredFile['frames']) {
  return {
    container: facts.container,
    codec: facts.codec,
    width: facts.width,
    height: facts.height,
    duration_ms: facts.durationMs,
    frame_count: facts.frameCount,
    frame_rate: facts.frameRate,
    stills: stills.length,
  };
}
