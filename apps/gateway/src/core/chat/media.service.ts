import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, type ErrorCode, isDomainError } from '@gpt4video/ports/errors';
import type { StoredFile } from '../files/file.js';
import { FileService, type Upload } from '../files/file.service.js';
import { RemoteMedia } from '../remote/remote-media.js';
import type { MediaPart, NamedFile, PreparedMessage, PreparedPart, TurnMessage } from './turn.js';

/** A turn whose every media part is a stored file. */
export interface PreparedMedia {
  readonly messages: readonly PreparedMessage[];
  /** Each file once. */
  readonly files: readonly StoredFile[];
  /** Which file each media part of the request is. */
  readonly named: readonly NamedFile[];
}

/** Faults of a medium, which are told of the part that it came in. */
const ABOUT_MEDIA: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large']);

/** Turns media parts into assets. */
@Injectable()
export class MediaService {
  constructor(
    private readonly files: FileService,
    private readonly remote: RemoteMedia,
  ) {}

  /** Resolves every part. Throws `not_found` for an unknown file, `invalid_video` and kin for one that cannot be watched, naming the part. */
  async prepare(tenantId: string, messages: readonly TurnMessage[], signal: AbortSignal): Promise<PreparedMedia> {
    const files = new Map<string, StoredFile>();
    const named: NamedFile[] = [];
    const prepared: PreparedMessage[] = [];
    for (const { role, content } of messages) {
      const parts: PreparedPart[] = [];
      for (const part of content) {
        if (part.kind === 'text') parts.push(part);
        else {
          const file = await this.fileOf(tenantId, part, signal);
          files.set(file.id, file);
          named.push({ param: part.param, fileId: file.id });
          parts.push({ kind: 'video', video: file.asset });
        }
      }
      prepared.push({ role, content: parts });
    }
    return { messages: prepared, files: [...files.values()], named };
  }

  /** The stored file of one part. Throws as `prepare` does. */
  async fileOf(tenantId: string, part: MediaPart, signal: AbortSignal): Promise<StoredFile> {
    try {
      const file = await this.find(tenantId, part, signal);
      const failed = Object.values(file.stages).find(({ status, code }) => status === 'failed' && code !== 'content_blocked');
      if (failed === undefined) return file;
      throw new DomainError('invalid_video', `The video "${file.id}" could not be understood: ${failed.message ?? 'a stage gave up'}; upload another.`);
    } catch (error) {
      if (isDomainError(error) && ABOUT_MEDIA.has(error.code)) throw new DomainError(error.code, error.message, { param: part.param, cause: error });
      throw error;
    }
  }

  private find(tenantId: string, part: MediaPart, signal: AbortSignal): Promise<StoredFile> {
    if (part.kind === 'file') return this.files.get(tenantId, part.fileId, part.param);
    if (part.kind === 'remote') return this.remote.fileOf(tenantId, part.url, signal);
    return this.takeIn(tenantId, part, signal);
  }

  /** A clip that comes inline again and again with the history is stored once. */
  private async takeIn(tenantId: string, { bytes, mediaType }: Extract<MediaPart, { kind: 'bytes' }>, signal: AbortSignal): Promise<StoredFile> {
    const known = await this.files.findByDigest(tenantId, createHash('sha256').update(bytes).digest('hex'));
    if (known !== undefined) return known;
    const upload: Upload = { tenantId, filename: 'inline', mediaType, body: once(bytes), signal, form: () => Promise.resolve({ purpose: 'vision' }) };
    return this.files.upload(upload);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
