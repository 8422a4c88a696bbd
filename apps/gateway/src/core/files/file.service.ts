import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { DomainError, type ErrorCode, isDomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { newId } from '../new-id.js';
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
    const id = newId('file');
    const key = `uploads/${id}`;
    try {
      const asset = await this.store.put(key, upload.body, { mediaType: upload.mediaType, maxBytes: this.limits.maxBytes, signal: upload.signal });
      const form = await upload.form();
      if (asset.bytes === 0) throw new DomainError('invalid_video', `The file "${upload.filename}" is empty; send the bytes of a video.`, { param: 'file' });
      const frames = await this.frames.extract(asset, upload.signal);
      const now = this.clock.now();
      const expiry = form.expiresAfterSeconds === undefined ? {} : { expiresAtMs: now + form.expiresAfterSeconds * 1000 };
      const file: StoredFile = { id, tenantId: upload.tenantId, filename: upload.filename, purpose: form.purpose, asset, status: 'uploaded', stages: pendingStages(), frames, createdAtMs: now, ...expiry };
      await this.files.add(file, [{ topic: 'video.uploaded', fileId: id, video: asset }]);
      return file;
    } catch (error) {
      await this.store.delete(key);
      throw isAboutFile(error) ? new DomainError(error.code, error.message, { param: 'file', cause: error }) : error;
    }
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
}

const ABOUT_FILE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large']);

function isAboutFile(error: unknown): error is DomainError {
  return isDomainError(error) && ABOUT_FILE.has(error.code);
}

function notFound(id: string, param?: string): DomainError {
  return new DomainError('not_found', `No file "${id}"; upload it with POST /v1/files, or list yours with GET /v1/files.`, param === undefined ? {} : { param });
}
