import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { StoredFile } from '../files/file.js';
import { FileService } from '../files/file.service.js';
import { UploadLimits } from '../files/upload-limits.js';
import { newId } from '../new-id.js';
import type { PartialUpload, UploadPart } from './upload.js';
import { UploadRepository } from './upload-repository.js';

/** Milliseconds within which every part must have come. */
const LIFETIME_MS = 60 * 60_000;
/** Most bytes of a part. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;
/** Most parts of an upload. */
const MAX_PARTS = 1_000;

/** An upload to begin. */
export type NewUpload = Pick<PartialUpload, 'tenantId' | 'filename' | 'purpose' | 'mediaType' | 'bytes' | 'expiresAfterSeconds'>;

/** Which parts make the file, in which order. */
export interface Completion {
  readonly partIds: readonly string[];
  /** MD5 of the whole, in hexadecimal. */
  readonly md5: string | undefined;
}

/** Files that arrive in parts: what has arrived stays, whatever becomes of a connection. */
@Injectable()
export class UploadService {
  constructor(
    private readonly uploads: UploadRepository,
    private readonly files: FileService,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly limits: UploadLimits,
  ) {}

  /** Throws `video_too_large` for a file that would not be taken. */
  async begin(asked: NewUpload): Promise<PartialUpload> {
    if (asked.bytes > this.limits.maxBytes) throw new DomainError('video_too_large', `The file would have ${asked.bytes} bytes and at most ${this.limits.maxBytes} are taken; send a smaller one.`, { param: 'bytes' });
    const now = this.clock.now();
    const upload: PartialUpload = { ...asked, id: newId('upload'), status: 'pending', createdAtMs: now, expiresAtMs: now + LIFETIME_MS };
    await this.uploads.add(upload);
    return upload;
  }

  /** The upload and what has arrived. Throws `not_found`. */
  async get(tenantId: string, id: string): Promise<{ readonly upload: PartialUpload; readonly parts: readonly UploadPart[] }> {
    const upload = await this.uploads.find(tenantId, id);
    if (upload === undefined) throw new DomainError('not_found', `No upload "${id}"; begin one with POST /v1/uploads.`);
    return { upload, parts: await this.uploads.parts(id) };
  }

  /** Streams a part into the store. Throws `conflict` when the upload takes none any more, `video_too_large` for too much. */
  async addPart(tenantId: string, id: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<UploadPart> {
    const { upload, parts } = await this.get(tenantId, id);
    requirePending(upload);
    if (parts.length >= MAX_PARTS) throw new DomainError('conflict', `The upload has ${parts.length} parts, which is the most; send larger ones.`);
    const partId = newId('part');
    const asset = await this.store.put(`upload-parts/${id}/${partId}`, body, { mediaType: 'application/octet-stream', maxBytes: MAX_PART_BYTES, signal });
    const part = { id: partId, asset, createdAtMs: this.clock.now() };
    await this.uploads.addPart(id, part);
    return part;
  }

  /** Puts the parts together into a file. Throws `invalid_request` when parts, size or MD5 do not fit, and what `FileService.upload` throws; then the upload can be mended. */
  async complete(tenantId: string, id: string, { partIds, md5 }: Completion, signal: AbortSignal): Promise<{ readonly upload: PartialUpload; readonly file: StoredFile }> {
    const { upload, parts } = await this.get(tenantId, id);
    requirePending(upload);
    const chosen = choose(parts, partIds, upload.bytes);
    if (!(await this.uploads.lock(id))) throw new DomainError('conflict', `The upload "${id}" is being put together already; wait for it.`);
    try {
      if (md5 !== undefined) await this.verify(chosen, md5);
      const { filename, mediaType, purpose, expiresAfterSeconds } = upload;
      const form = expiresAfterSeconds === undefined ? { purpose } : { purpose, expiresAfterSeconds };
      const file = await this.files.upload({ tenantId, filename, mediaType, body: this.joined(chosen), signal, once: id, form: () => Promise.resolve(form) });
      await this.forget((await this.uploads.end(id, 'completed', file.id)) ?? []);
      return { upload: { ...upload, status: 'completed', fileId: file.id }, file };
    } catch (error) {
      await this.uploads.unlock(id);
      throw error;
    }
  }

  /** Ends it without a file. Throws `conflict` when it has ended otherwise. */
  async cancel(tenantId: string, id: string): Promise<PartialUpload> {
    const { upload } = await this.get(tenantId, id);
    if (upload.status === 'cancelled') return upload;
    requirePending(upload);
    await this.forget((await this.uploads.end(id, 'cancelled')) ?? []);
    return { ...upload, status: 'cancelled' };
  }

  /** Removes what is left of uploads whose time has passed. */
  async sweep(): Promise<void> {
    await this.forget(await this.uploads.expire());
  }

  private async *joined(parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
    for (const { asset } of parts) yield* await this.store.stream(asset.key);
  }

  private async verify(parts: readonly UploadPart[], md5: string): Promise<void> {
    const hash = createHash('md5');
    for await (const chunk of this.joined(parts)) hash.update(chunk);
    const found = hash.digest('hex');
    if (found !== md5.toLowerCase()) throw new DomainError('invalid_request', `The parts have the MD5 ${found}, not the one that was given; send the damaged part again.`, { param: 'md5' });
  }

  private async forget(parts: readonly UploadPart[]): Promise<void> {
    for (const { asset } of parts) await this.store.delete(asset.key);
  }
}

function requirePending({ id, status }: PartialUpload): void {
  if (status !== 'pending') throw new DomainError('conflict', `The upload "${id}" is ${status}; begin another with POST /v1/uploads.`);
}

function choose(parts: readonly UploadPart[], ids: readonly string[], bytes: number): readonly UploadPart[] {
  const chosen = ids.map((id, index) => {
    const part = parts.find((each) => each.id === id);
    if (part === undefined) throw new DomainError('invalid_request', `"${id}" is no part of this upload; name parts that were added to it.`, { param: `part_ids[${index}]` });
    return part;
  });
  const sum = chosen.reduce((total, { asset }) => total + asset.bytes, 0);
  if (sum !== bytes) throw new DomainError('invalid_request', `The parts have ${sum} bytes together and the upload was announced with ${bytes}; add what is missing, or begin again.`, { param: 'part_ids' });
  return chosen;
}
