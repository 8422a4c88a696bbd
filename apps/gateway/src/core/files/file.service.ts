import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { DomainError, type ErrorCode, isDomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { idOf, newId } from '../new-id.js';
import type { Page, PageRequest } from '../page.js';
import { pendingStages, type StoredFile } from './file.js';
import { FileRepository } from './file-repository.js';
import { FrameExtraction } from './frame-extraction.js';
import { UploadLimits } from './upload-limits.js';

/** A file on its way in. */
export interface Upload {
  readonly tenantId: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** Names the upload, the same for every try of it; absent when it cannot be repeated. */
  readonly once?: string | undefined;
  /** Asked for when the body was read, since form fields may follow the file. Rejects with `invalid_request`. */
  readonly form: () => Promise<UploadForm>;
}

/** What the person says about a file. */
export interface UploadForm {
  readonly purpose: string;
  /** Seconds after which the file may be removed. */
  readonly expiresAfterSeconds?: number;
}

/** Takes videos in and keeps them. */
@Injectable()
export class FileService {
  constructor(
    private readonly files: FileRepository,
    private readonly store: ObjectStore,
    private readonly frames: FrameExtraction,
    private readonly clock: Clock,
    private readonly limits: UploadLimits,
  ) {}

  /**
   * Streams the body to the object store, decodes it once, and remembers it as a file.
   * What is not a video, or too large, is refused (`invalid_video`, `video_too_large`, …) and nothing of it stays.
   */
  async upload(upload: Upload): Promise<StoredFile> {
    // Not the file's id: another try of the same upload must not find the bytes of this one under its key.
    const key = `uploads/${newId('file')}`;
    const file = await this.takeIn(upload, key);
    // Bytes whose row may or may not be there stay; the sweeper collects those that no row names.
    const stored = await this.files.add(file);
    if (stored.asset.key === key) return stored;
    await this.store.delete(key);
    if (stored.asset.sha256 === file.asset.sha256) return stored;
    throw new DomainError('idempotency_mismatch', 'This Idempotency-Key was used with another file; use a fresh key.');
  }

  /** The tenant's file. Throws `not_found`. */
  async get(tenantId: string, id: string, param?: string): Promise<StoredFile> {
    const file = await this.files.find(tenantId, id);
    if (file === undefined) throw notFound(id, param);
    return file;
  }

  /** A file of the tenant with these bytes, so that the same clip is not taken in twice. */
  findByDigest(tenantId: string, sha256: string): Promise<StoredFile | undefined> {
    return this.files.findByDigest(tenantId, sha256);
  }

  list(tenantId: string, page: PageRequest): Promise<Page<StoredFile>> {
    return this.files.list(tenantId, page);
  }

  /** Removes the file and its bytes. Throws `not_found`. */
  async remove(tenantId: string, id: string): Promise<void> {
    const file = await this.files.remove(tenantId, id);
    if (file === undefined) throw notFound(id);
    await this.store.delete(file.asset.key);
  }

  private async takeIn({ tenantId, filename, mediaType, body, signal, form, once }: Upload, key: string): Promise<StoredFile> {
    try {
      const asset = await this.store.put(key, body, { mediaType, maxBytes: this.limits.maxBytes, signal });
      const { purpose, expiresAfterSeconds } = await form();
      if (asset.bytes === 0) throw new DomainError('invalid_video', `The file "${filename}" is empty; send the bytes of a video.`, { param: 'file' });
      const frames = await this.frames.extract(asset, signal);
      const createdAtMs = this.clock.now();
      const expiry = expiresAfterSeconds === undefined ? {} : { expiresAtMs: createdAtMs + expiresAfterSeconds * 1000 };
      return { id: idOf('file', once), tenantId, filename, purpose, asset, status: 'uploaded', stages: pendingStages(), frames, createdAtMs, ...expiry };
    } catch (error) {
      await this.store.delete(key);
      throw isAboutFile(error) ? new DomainError(error.code, error.message, { param: 'file', cause: error }) : error;
    }
  }
}

const ABOUT_FILE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large']);

function isAboutFile(error: unknown): error is DomainError {
  return isDomainError(error) && ABOUT_FILE.has(error.code);
}

function notFound(id: string, param?: string): DomainError {
  return new DomainError('not_found', `No file "${id}"; upload it with POST /v1/files, or list yours with GET /v1/files.`, param === undefined ? {} : { param });
}
