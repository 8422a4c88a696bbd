import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import type { StoredFile } from '../files/file.js';
import { FileService } from '../files/file.service.js';
import type { MessagePart, PreparedMessage, PreparedPart, TurnMessage } from './turn.js';

/** A turn whose every media part is a stored file. */
export interface PreparedMedia {
  readonly messages: readonly PreparedMessage[];
  /** Each file once. */
  readonly files: readonly StoredFile[];
}

/** Turns media parts into assets. */
@Injectable()
export class MediaService {
  constructor(private readonly files: FileService) {}

  /** Resolves every part. Throws `not_found` for an unknown file, `invalid_video` and kin for one that cannot be watched, naming the part. */
  async prepare(tenantId: string, messages: readonly TurnMessage[], signal: AbortSignal): Promise<PreparedMedia> {
    const files = new Map<string, StoredFile>();
    const prepared: PreparedMessage[] = [];
    for (const { role, content } of messages) {
      const parts: PreparedPart[] = [];
      for (const part of content) {
        if (part.kind === 'text') parts.push(part);
        else {
          const file = await this.fileOf(tenantId, part, signal);
          files.set(file.id, file);
          parts.push({ kind: 'video', video: file.asset });
        }
      }
      prepared.push({ role, content: parts });
    }
    return { messages: prepared, files: [...files.values()] };
  }

  private async fileOf(tenantId: string, part: Exclude<MessagePart, { kind: 'text' }>, signal: AbortSignal): Promise<StoredFile> {
    const file = part.kind === 'file' ? await this.files.get(tenantId, part.fileId, part.param) : await this.takeIn(tenantId, part, signal);
    const failed = Object.values(file.stages).find(({ status, code }) => status === 'failed' && code !== 'content_blocked');
    if (failed === undefined) return file;
    throw new DomainError('invalid_video', `The video "${file.id}" could not be understood: ${failed.message ?? 'a stage gave up'}; upload another.`, { param: part.param });
  }

  /** A clip that comes inline again and again with the history is stored once. */
  private async takeIn(tenantId: string, part: Extract<MessagePart, { kind: 'bytes' }>, signal: AbortSignal): Promise<StoredFile> {
    const known = await this.files.findByDigest(tenantId, createHash('sha256').update(part.bytes).digest('hex'));
    if (known !== undefined) return known;
    try {
      return await this.files.upload({ tenantId, filename: 'inline', mediaType: part.mediaType, body: once(part.bytes), signal, form: () => Promise.resolve({ purpose: 'vision' }) });
    } catch (error) {
      if (isDomainError(error) && error.param === 'file') throw new DomainError(error.code, error.message, { param: part.param, cause: error });
      throw error;
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
