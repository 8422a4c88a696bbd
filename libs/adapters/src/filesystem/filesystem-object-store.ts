import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { type ByteRange, type ListedObject, type LocalFile, type ObjectHead, ObjectStore, type PutOptions } from '@gpt4video/ports/object-store';
import { MeteredBody } from '../objects/metered-body.js';
import { corrupt, full, missing, rangeWithin } from '../objects/object-errors.js';
import { verified } from '../objects/verified-stream.js';
import { errorCode } from '../system/error-code.js';
import { objectDirectory, prefixDirectory, segmentOfDirectory } from './object-path.js';
import { reveal, Staging, syncDirectory } from './staging.js';
import { writeFileInBlocks } from './write-file-in-blocks.js';

/** An object is a directory with two files, so that bytes and facts appear in one rename. */
const DATA = 'data';
const FACTS = 'facts.json';
/** Codes of a file system without room or without quota. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

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
      const head = await receive(join(directory, DATA), new MeteredBody(body, options));
      await writeFile(join(directory, FACTS), JSON.stringify(head), { flush: true });
      await syncDirectory(directory);
      await reveal(directory, target);
    }).catch((error: unknown) => Promise.reject(NO_ROOM.has(errorCode(error) ?? '') ? full(error) : error));
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
    const { start, end } = rangeWithin(head.bytes, range);
    if (end === start) return Readable.from([]);
    const handle = await open(join(objectDirectory(this.root, key), DATA), 'r');
    const chunks = handle.createReadStream({ start, end: end - 1 });
    return range === undefined ? verified(chunks, { key, sha256: head.sha256 }) : chunks;
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

  override list(prefix: string): AsyncIterable<ListedObject> {
    return listObjects(prefixDirectory(this.root, prefix), prefix);
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

async function receive(path: string, body: MeteredBody): Promise<ObjectHead> {
  await writeFileInBlocks(path, body.chunks());
  return body.head();
}

async function* listObjects(directory: string, prefix: string): AsyncGenerator<ListedObject> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => (errorCode(error) === 'ENOENT' ? [] : Promise.reject(error)));
  for (const { name } of entries) {
    const segment = segmentOfDirectory(name);
    if (segment === undefined) yield* listObjects(join(directory, name), `${prefix}${name}/`);
    else {
      // Gone when it was deleted meanwhile.
      const data = await stat(join(directory, name, DATA)).catch(() => undefined);
      if (data !== undefined) yield { key: `${prefix}${segment}`, bytes: data.size, storedAtMs: data.mtimeMs };
    }
  }
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
