import { createHash } from 'node:crypto';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { DomainError } from '@gpt4video/ports/errors';
import { segmentsOfKey, segmentsOfPrefix } from '@gpt4video/ports/object-key';
import { ObjectStore, type ByteRange, type ListedObject, type LocalFile, type ObjectHead, type PutOptions } from '@gpt4video/ports/object-store';

interface StoredObject {
  bytes: Uint8Array;
  readonly ref: AssetRef;
  readonly storedAtMs: number;
}

/** An object store in memory that keeps the port's promises; `puts` and `reads` tell what was asked of it. */
export class MemoryObjectStore extends ObjectStore {
  readonly objects = new Map<string, StoredObject>();
  /** Keys that were really written, in order. */
  readonly puts: string[] = [];
  /** Keys that were read, in order. */
  readonly reads: string[] = [];

  /** `now` tells the store's time, milliseconds since the epoch. */
  constructor(private readonly now: () => number = Date.now) {
    super();
  }

  override async put(key: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<AssetRef> {
    segmentsOfKey(key);
    const { signal } = options;
    const bytes = await (signal === undefined ? collect(body, options) : Promise.race([collect(body, options), abortOf(signal)]));
    const known = this.objects.get(key);
    if (known !== undefined) return known.ref;
    const ref = { bucket: 'memory', key, sha256: sha256Of(bytes), bytes: bytes.byteLength, mediaType: options.mediaType };
    this.objects.set(key, { bytes, ref, storedAtMs: this.now() });
    this.puts.push(key);
    return ref;
  }

  override async read(ref: AssetRef): Promise<Uint8Array> {
    this.reads.push(ref.key);
    const { bytes } = this.objectAt(ref.key);
    if (sha256Of(bytes) !== ref.sha256) throw corrupt(ref.key);
    return await Promise.resolve(Uint8Array.from(bytes));
  }

  override async stream(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const { bytes, ref } = this.objectAt(key);
    const part = bytes.slice(range?.start ?? 0, range?.end ?? bytes.byteLength);
    return await Promise.resolve(chunks(part, range === undefined ? ref : undefined));
  }

  override async head(key: string): Promise<ObjectHead | undefined> {
    const ref = this.objects.get(key)?.ref;
    return await Promise.resolve(ref === undefined ? undefined : { bytes: ref.bytes, mediaType: ref.mediaType, sha256: ref.sha256 });
  }

  override async find(key: string): Promise<AssetRef | undefined> {
    return await Promise.resolve(this.objects.get(key)?.ref);
  }

  override async *list(prefix: string): AsyncGenerator<ListedObject> {
    segmentsOfPrefix(prefix);
    for (const [key, { bytes, storedAtMs }] of [...this.objects]) {
      if (key.startsWith(prefix)) yield await Promise.resolve({ key, bytes: bytes.byteLength, storedAtMs });
    }
  }

  override async delete(key: string): Promise<void> {
    this.objects.delete(key);
    await Promise.resolve();
  }

  override async localFile(ref: AssetRef): Promise<LocalFile> {
    await this.read(ref);
    return { path: `/memory/${ref.key}`, release: async () => await Promise.resolve() };
  }

  override async healthy(): Promise<boolean> {
    return await Promise.resolve(true);
  }

  /** Damages an object: its bytes no longer hash to its claim check. */
  corrupt(key: string): void {
    const object = this.objectAt(key);
    object.bytes = Uint8Array.from(object.bytes, (byte) => byte ^ 0xff);
  }

  private objectAt(key: string): StoredObject {
    const object = this.objects.get(key);
    if (object === undefined) throw new DomainError('artifact_missing', `There is no object "${key}".`);
    return object;
  }
}

const cancelled = (): DomainError => new DomainError('cancelled', 'The request was cancelled.');
const corrupt = (key: string): DomainError => new DomainError('artifact_corrupt', `The object "${key}" does not hash to what it should.`);

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(cancelled()), { once: true }));
}

async function collect(body: AsyncIterable<Uint8Array> | Uint8Array, { maxBytes, signal }: PutOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of body instanceof Uint8Array ? chunks(body) : body) {
    if (signal?.aborted === true) throw cancelled();
    total += part.byteLength;
    if (maxBytes !== undefined && total > maxBytes) throw new DomainError('video_too_large', `More than ${maxBytes} bytes were sent.`);
    // It is the body's again when the next one is asked for.
    parts.push(Uint8Array.from(part));
  }
  if (signal?.aborted === true) throw cancelled();
  return Uint8Array.from(Buffer.concat(parts));
}

async function* chunks(bytes: Uint8Array, whole?: AssetRef): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Uint8Array.from(bytes));
  if (whole !== undefined && sha256Of(bytes) !== whole.sha256) throw corrupt(whole.key);
}
