import type { AssetRef } from './asset-ref.js';

/** What is known of a stored object without reading it. */
export interface ObjectHead {
  readonly bytes: number;
  readonly mediaType: string;
  readonly sha256: string;
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was stored, by the store's clock; milliseconds since the epoch. */
  readonly storedAtMs: number;
}

/** A half-open byte range: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Bytes by opaque key. Objects are immutable: a key is written once.
 * Keys are `/`-separated segments of `[A-Za-z0-9._-]`, never starting with a dot; others are refused with `invalid_request`.
 */
export abstract class ObjectStore {
  /**
   * Streams `body` into `key` unless the key exists, and returns the claim check of what is stored there.
   * Nothing is visible under the key before the last byte is durable. An aborted or failed put leaves nothing behind.
   * A chunk of the body is the body's again, to fill or to release, once the next one is asked for.
   * Throws `storage_full` when there is no room, and `unavailable` when the store does not answer; both may be tried again.
   */
  abstract put(key: string, body: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions): Promise<AssetRef>;

  /** Reads the whole object and verifies its sha256. Throws `artifact_missing` or `artifact_corrupt`. */
  abstract read(ref: AssetRef): Promise<Uint8Array>;

  /**
   * Streams the object, or a range of it. Throws `artifact_missing` before the first chunk. A whole object is verified on the way:
   * the stream ends in `artifact_corrupt` when its bytes are not those that were stored.
   */
  abstract stream(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;

  /** Facts about the object, or undefined when there is none. */
  abstract head(key: string): Promise<ObjectHead | undefined>;

  /** The claim check of an object, or undefined when there is none. */
  abstract find(key: string): Promise<AssetRef | undefined>;

  /**
   * Every object whose key starts with `prefix`: nothing, or whole segments that end in `/`. In no promised order; what is put or
   * deleted meanwhile may be missed, and so may a key that lies below another (`a/b` where there is `a`), which MinIO does not list.
   */
  abstract list(prefix: string): AsyncIterable<ListedObject>;

  /** Removes the object; removing what is not there succeeds. */
  abstract delete(key: string): Promise<void>;

  /**
   * A local file with the object's bytes, for libraries that want to seek. Read only; call `release` afterwards.
   * Verifies the sha256.
   */
  abstract localFile(ref: AssetRef): Promise<LocalFile>;

  /** True when the store answers. */
  abstract healthy(): Promise<boolean>;
}

/** Options of a put. */
export interface PutOptions {
  readonly mediaType: string;
  /** Refuse with `video_too_large` past this many bytes. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** A file on this machine, borrowed. */
export interface LocalFile {
  readonly path: string;
  release(): Promise<void>;
}
