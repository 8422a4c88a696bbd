import { randomUUID } from 'node:crypto';
import type { ObjectHead } from '@gpt4video/ports/object-store';
import { errorCode } from '../system/error-code.js';
import { STAGING } from './bucket-setup.js';
import type { S3Bucket } from './s3-bucket.js';
import { isTaken } from './s3-error.js';
import { underSignal } from './s3-transport.js';

/** Headers of an object: its type, and its digest among the metadata. */
export function objectHeaders({ mediaType, sha256 }: ObjectHead): Record<string, string> {
  return { 'content-type': mediaType, 'x-amz-meta-sha256': sha256 };
}

/** Most bytes that the server copies in one request (5 GiB, S3 API, UploadPartCopy). */
const COPY_BYTES = 4 * 1024 ** 3;

/**
 * An upload in parts. S3 wants an object's metadata before its first byte, and the digest is known after the last: so the parts
 * become an object in staging, which the server then copies to its key, metadata and all, in one conditional step.
 */
export class StagedUpload {
  private readonly key = `${STAGING}${randomUUID()}`;
  private readonly etags: string[] = [];
  private inFlight: Promise<void> = Promise.resolve();
  private uploadId = '';
  private whole = false;

  constructor(private readonly bucket: S3Bucket) {}

  /** Sends a part while the next one is being read. Rejects when an earlier part failed. */
  async add(bytes: Uint8Array): Promise<void> {
    if (this.uploadId === '') this.uploadId = await begin(this.bucket, this.key, {});
    await this.inFlight;
    this.inFlight = this.sendPart(bytes, this.etags.push('') - 1);
    this.inFlight.catch(() => undefined);
  }

  /** Makes it the object of `key`. False when the key was taken. */
  async commit(key: string, head: ObjectHead): Promise<boolean> {
    await this.inFlight;
    await complete(this.bucket, this.key, { uploadId: this.uploadId, etags: this.etags });
    this.whole = true;
    const uploadId = await begin(this.bucket, key, objectHeaders(head));
    try {
      const etags: string[] = [];
      for (let start = 0; start < head.bytes; start += COPY_BYTES) {
        const range = `bytes=${start}-${Math.min(start + COPY_BYTES, head.bytes) - 1}`;
        const headers = { 'x-amz-copy-source': `/${this.bucket.name}/${this.key}`, 'x-amz-copy-source-range': range };
        const answer = await this.bucket.ask({ method: 'PUT', key, query: `partNumber=${etags.length + 1}&uploadId=${encodeURIComponent(uploadId)}`, headers });
        etags.push(elementOf(answer, 'ETag'));
      }
      await complete(this.bucket, key, { uploadId, etags }, { 'if-none-match': '*' });
      return true;
    } catch (error) {
      await abort(this.bucket, key, uploadId);
      if (isTaken(error)) return false;
      throw error;
    }
  }

  /** Removes every trace in staging, even when the put was aborted; what cannot be removed now expires. */
  async discard(): Promise<void> {
    await this.inFlight.catch(() => undefined);
    if (this.uploadId === '') return;
    if (!this.whole) await abort(this.bucket, this.key, this.uploadId);
    await underSignal(undefined, () => this.bucket.tell({ method: 'DELETE', key: this.key })).catch(() => undefined);
  }

  private async sendPart(payload: Uint8Array, index: number): Promise<void> {
    const query = `partNumber=${index + 1}&uploadId=${encodeURIComponent(this.uploadId)}`;
    const { etag } = await this.bucket.tell({ method: 'PUT', key: this.key, query, payload });
    this.etags[index] = etag ?? '';
  }
}

interface FinishedParts {
  readonly uploadId: string;
  readonly etags: readonly string[];
}

async function begin(bucket: S3Bucket, key: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return elementOf(await bucket.ask({ method: 'POST', key, query: 'uploads', headers }), 'UploadId');
}

async function complete(bucket: S3Bucket, key: string, { uploadId, etags }: FinishedParts, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`).join('');
  const payload = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts}</CompleteMultipartUpload>`;
  // An upload that is gone was completed by an attempt whose answer was lost; what stands under the key will tell.
  await bucket.ask({ method: 'POST', key, query: `uploadId=${encodeURIComponent(uploadId)}`, headers, payload }).catch((error: unknown) => (errorCode(error) === 'NoSuchUpload' ? '' : Promise.reject(error)));
}

async function abort(bucket: S3Bucket, key: string, uploadId: string): Promise<void> {
  await underSignal(undefined, () => bucket.tell({ method: 'DELETE', key, query: `uploadId=${encodeURIComponent(uploadId)}` })).catch(() => undefined);
}

function elementOf(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (found === undefined) throw new Error(`the S3 server's answer has no ${name}`);
  return found.replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
