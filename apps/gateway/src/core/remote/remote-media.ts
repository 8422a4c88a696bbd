import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { isDomainError } from '@gpt4video/ports/errors';
import type { StoredFile } from '../files/file.js';
import { FileService } from '../files/file.service.js';
import { UploadLimits } from '../files/upload-limits.js';
import { RemoteFetch } from './remote-fetch.js';

/** Milliseconds for which a URL is taken to name the same bytes: a conversation sends it again with every turn. */
const KNOWN_MS = 10 * 60_000;
const MOST_KNOWN = 1_000;

/** Pictures and videos of other hosts, taken in as files of the tenant. */
@Injectable()
export class RemoteMedia {
  private readonly known = new Map<string, { readonly fileId: string; readonly untilMs: number }>();

  constructor(
    private readonly files: FileService,
    private readonly fetch: RemoteFetch,
    private readonly limits: UploadLimits,
    private readonly clock: Clock,
  ) {}

  /** The file behind the URL, fetched unless that was done in the last minutes. Throws what `RemoteFetch.get` and `FileService.upload` throw. */
  async fileOf(tenantId: string, url: string, signal: AbortSignal): Promise<StoredFile> {
    const key = `${tenantId} ${url}`;
    const before = await this.recall(tenantId, key);
    if (before !== undefined) return before;
    const { body, filename, mediaType } = await this.fetch.get(url, this.limits.maxBytes, signal);
    const file = await this.files.upload({ tenantId, filename, mediaType, body, signal, form: () => Promise.resolve({ purpose: 'vision' }) });
    this.remember(key, file.id);
    return file;
  }

  private async recall(tenantId: string, key: string): Promise<StoredFile | undefined> {
    const known = this.known.get(key);
    if (known === undefined || known.untilMs < this.clock.now()) return undefined;
    return this.files.get(tenantId, known.fileId).catch((error: unknown) => (isDomainError(error) && error.code === 'not_found' ? undefined : Promise.reject(error)));
  }

  private remember(key: string, fileId: string): void {
    this.known.delete(key);
    this.known.set(key, { fileId, untilMs: this.clock.now() + KNOWN_MS });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}
