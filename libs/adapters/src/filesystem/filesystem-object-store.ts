import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { type ByteRange, type LocalFile, type ObjectHead, ObjectStore, type PutOptions } from '@gpt4video/ports/object-store';
import { errorCode } from '../system/error-code.js';
import { objectDirectory } from './object-path.js';
import { reveal, Staging, syncDirectory } from './staging.js';

/** An object is a directory with two files, so that bytes and facts appear in one rename. */
const DATA = 'data';
const FACTS = 'facts.json';

/** Objects as files under one directory; several processes of one machine may share it. */
export class FilesystemObjectStore extends ObjectStore {
  private constructor(
    private readonly root: string,
    private readonly bucket: string,
    private readonly staging: Staging,
  ) {
    super();
  }

  /** Opens the store at `root`, creating it, and sweeps what crashed puts left. `bucket` is the name that claim checks carry. */
  static async open(root: string, bucket = 'local'): Promise<FilesystemObjectStore> {
    return new FilesystemObjectStore(root, bucket, await Staging.open(join(root, 'staging')));
  }

  override async put(key: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<AssetRef> {
    const target = objectDirectory(this.root, key);
    const existing = await this.find(key);
    if (existing !== undefined) return existing;
    await this.staging.use(async (directory) => {
      const head = await receive(join(directory, DATA), body, options);
      await writeFile(join(directory, FACTS), JSON.stringify(head), { flush: true });
      await syncDirectory(directory);
      await reveal(directory, target);
    });
    const stored = await this.find(key);
    if (stored === undefined) throw missing(key);
    return stored;
  }

  override async read(ref: AssetRef): Promise<Uint8Array> {
    const path = await this.dataPath(ref);
    const bytes = await readFile(path).catch((error: unknown) => Promise.reject(errorCode(error) === 'ENOENT' ? missing(ref.key) : error));
    if (createHash('sha256').update(bytes).digest('hex') !== ref.sha256) throw corrupt(ref.key);
    return bytes;
  }

  override async stream(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const head = await this.head(key);
    if (head === undefined) throw missing(key);
    const { start, end } = range ?? { start: 0, end: head.bytes };
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || (range !== undefined && start >= head.bytes)) {
      throw new DomainError('invalid_request', `The range is outside the object; ask for bytes from 0 to ${head.bytes} (end exclusive).`, { param: 'range' });
    }
    if (end === start) return Readable.from([]);
    const handle = await open(join(objectDirectory(this.root, key), DATA), 'r');
    return handle.createReadStream({ start, end: Math.min(end, head.bytes) - 1 });
  }

  override async head(key: string): Promise<ObjectHead | undefined> {
    const facts = join(objectDirectory(this.root, key), FACTS);
    const text = await readFile(facts, 'utf8').catch((error: unknown) => (errorCode(error) === 'ENOENT' ? undefined : Promise.reject(error)));
    return text === undefined ? undefined : parseHead(text, key);
  }

  override async find(key: string): Promise<AssetRef | undefined> {
    const head = await this.head(key);
    return head === undefined ? undefined : { bucket: this.bucket, key, ...head };
  }

  override async delete(key: string): Promise<void> {
    const target = objectDirectory(this.root, key);
    await this.staging.use(async (directory) => {
      // Out of sight in one step; the staging area removes it.
      await rename(target, join(directory, 'deleted')).catch((error: unknown) => (errorCode(error) === 'ENOENT' ? undefined : Promise.reject(error)));
    });
  }

  override async localFile(ref: AssetRef): Promise<LocalFile> {
    const path = await this.dataPath(ref);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash).catch((error: unknown) => Promise.reject(errorCode(error) === 'ENOENT' ? missing(ref.key) : error));
    if (hash.digest('hex') !== ref.sha256) throw corrupt(ref.key);
    return { path, release: () => Promise.resolve() };
  }

  override async healthy(): Promise<boolean> {
    return access(join(this.root, 'staging'), constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    );
  }

  private async dataPath(ref: AssetRef): Promise<string> {
    const head = ref.bucket === this.bucket ? await this.head(ref.key) : undefined;
    if (head === undefined) throw missing(ref.key);
    if (head.bytes !== ref.bytes) throw corrupt(ref.key);
    return join(objectDirectory(this.root, ref.key), DATA);
  }
}

async function receive(path: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<ObjectHead> {
  const { maxBytes = Infinity, signal } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      hash.update(chunk);
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  const source = Readable.from(body instanceof Uint8Array ? [body] : body);
  await pipeline(source, meter, createWriteStream(path, { flush: true }), signal === undefined ? {} : { signal }).catch((error: unknown) =>
    Promise.reject(errorCode(error) === 'ABORT_ERR' ? new DomainError('cancelled', 'The upload was cancelled.', { cause: error }) : error),
  );
  return { bytes, mediaType: options.mediaType, sha256: hash.digest('hex') };
}

function parseHead(text: string, key: string): ObjectHead {
  const value: unknown = parseJson(text);
  if (typeof value === 'object' && value !== null && 'bytes' in value && 'mediaType' in value && 'sha256' in value) {
    const { bytes, mediaType, sha256 } = value;
    if (typeof bytes === 'number' && typeof mediaType === 'string' && typeof sha256 === 'string') return { bytes, mediaType, sha256 };
  }
  throw corrupt(key);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const missing = (key: string): DomainError => new DomainError('artifact_missing', `There is no object "${key}"; make it again or upload it.`);
const corrupt = (key: string): DomainError => new DomainError('artifact_corrupt', `The object "${key}" does not hold the bytes that were stored; delete it and make it again.`);
const tooLarge = (maxBytes: number): DomainError => new DomainError('video_too_large', `The file is larger than ${maxBytes} bytes; send a smaller one.`);
