import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { segmentsOfKey, segmentsOfPrefix } from '@gpt4video/ports/object-key';
import { type ByteRange, type ListedObject, type LocalFile, type ObjectHead, ObjectStore, type PutOptions } from '@gpt4video/ports/object-store';
import { MeteredBody } from '../objects/metered-body.js';
import { corrupt, missing, rangeWithin } from '../objects/object-errors.js';
import { verified } from '../objects/verified-stream.js';
import { partsOf } from './body-parts.js';
import { listBucket } from './bucket-listing.js';
import { resumed } from './resumed-stream.js';
import { S3Bucket, type S3Options } from './s3-bucket.js';
import { isAbsent, isTaken } from './s3-error.js';
import { underSignal } from './s3-transport.js';
import { objectHeaders, StagedUpload } from './staged-upload.js';

/** What is known of an object, and which version of it was looked at. */
interface Found {
  readonly ref: AssetRef;
  readonly etag: string;
}

/** Bytes above which an object is sent in parts; a put holds two of them in memory. S3 allows 5 MiB and more. */
const PART_BYTES = 8 * 1024 * 1024;
const HEALTH_MS = 2_000;

/** Objects in a bucket of any S3 server that knows conditional writes. The server need not be up when it is made. */
export class S3ObjectStore extends ObjectStore {
  private readonly bucket: S3Bucket;

  constructor(
    options: S3Options,
    private readonly partBytes = PART_BYTES,
  ) {
    super();
    this.bucket = new S3Bucket(options);
  }

  override async put(key: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<AssetRef> {
    segmentsOfKey(key);
    return underSignal(options.signal, async () => {
      const known = await this.find(key);
      if (known !== undefined) return known;
      await this.write(key, new MeteredBody(body, options));
      // Ours, or that of whoever was first.
      const stored = await this.find(key);
      if (stored === undefined) throw missing(key);
      return stored;
    });
  }

  override async read(ref: AssetRef): Promise<Uint8Array> {
    const target = await this.target(ref);
    const bytes = Buffer.allocUnsafe(ref.bytes);
    let at = 0;
    for await (const chunk of verified(resumed(this.bucket, target, { start: 0, end: ref.bytes }), ref)) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }

  override async stream(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    segmentsOfKey(key);
    const found = await this.look(key);
    if (found === undefined) throw missing(key);
    const chunks = resumed(this.bucket, { key, etag: found.etag }, rangeWithin(found.ref.bytes, range));
    return range === undefined ? verified(chunks, found.ref) : chunks;
  }

  override async head(key: string): Promise<ObjectHead | undefined> {
    const ref = await this.find(key);
    return ref && { bytes: ref.bytes, mediaType: ref.mediaType, sha256: ref.sha256 };
  }

  override async find(key: string): Promise<AssetRef | undefined> {
    segmentsOfKey(key);
    return (await this.look(key))?.ref;
  }

  override async *list(prefix: string): AsyncGenerator<ListedObject> {
    segmentsOfPrefix(prefix);
    yield* listBucket(this.bucket, prefix);
  }

  override async delete(key: string): Promise<void> {
    segmentsOfKey(key);
    await this.bucket.tell({ method: 'DELETE', key });
  }

  override async localFile(ref: AssetRef): Promise<LocalFile> {
    const target = await this.target(ref);
    const folder = await mkdtemp(join(tmpdir(), 'gpt4video-object-'));
    const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
    const path = join(folder, 'data');
    await pipeline(verified(resumed(this.bucket, target, { start: 0, end: ref.bytes }), ref), createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    return { path, release };
  }

  override healthy(): Promise<boolean> {
    return this.bucket.answers(HEALTH_MS);
  }

  private async write(key: string, body: MeteredBody): Promise<void> {
    const upload = new StagedUpload(this.bucket);
    try {
      let parts = 0;
      for await (const { bytes, last } of partsOf(body.chunks(), this.partBytes)) {
        parts += 1;
        if (parts === 1 && last) return await this.putWhole(key, bytes, body.head());
        await upload.add(bytes);
      }
      await upload.commit(key, body.head());
    } finally {
      await upload.discard();
    }
  }

  private async putWhole(key: string, payload: Uint8Array, head: ObjectHead): Promise<void> {
    const headers = { ...objectHeaders(head), 'if-none-match': '*' };
    await this.bucket.tell({ method: 'PUT', key, headers, payload }).catch((error: unknown) => (isTaken(error) ? undefined : Promise.reject(error)));
  }

  private async target(ref: AssetRef): Promise<{ readonly key: string; readonly etag: string }> {
    segmentsOfKey(ref.key);
    const found = ref.bucket === this.bucket.name ? await this.look(ref.key) : undefined;
    if (found === undefined) throw missing(ref.key);
    if (found.ref.bytes !== ref.bytes || found.ref.sha256 !== ref.sha256) throw corrupt(ref.key);
    return { key: ref.key, etag: found.etag };
  }

  private async look(key: string): Promise<Found | undefined> {
    try {
      const headers = await this.bucket.tell({ method: 'HEAD', key });
      const sha256 = headers['x-amz-meta-sha256'];
      if (typeof sha256 !== 'string') throw corrupt(key);
      const ref = { bucket: this.bucket.name, key, sha256, bytes: Number(headers['content-length']), mediaType: headers['content-type'] ?? '' };
      return { ref, etag: headers.etag ?? '' };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}
