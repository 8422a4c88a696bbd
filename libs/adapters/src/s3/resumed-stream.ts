import type { IncomingMessage } from 'node:http';
import type { ByteRange } from '@gpt4video/ports/object-store';
import type { S3Bucket } from './s3-bucket.js';
import { isTransient, toStoreError } from './s3-error.js';

/** An object's version that is being read. */
export interface ReadTarget {
  readonly key: string;
  readonly etag: string;
}

/** Connections that may break one after the other without a byte between them. */
const FRUITLESS = 3;

/** Streams a range, and goes on where it stopped when the connection breaks, or fell silent because the reader paused. Never mixes two objects. */
export async function* resumed(bucket: S3Bucket, target: ReadTarget, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  let at = start;
  for (let fruitless = 0; at < end; ) {
    const before = at;
    try {
      for await (const chunk of (await open(bucket, target, { start: at, end })) as AsyncIterable<Uint8Array>) {
        at += chunk.byteLength;
        yield chunk;
      }
      if (at < end) throw Object.assign(new Error('the answer was cut short'), { code: 'ECONNRESET' });
    } catch (error) {
      fruitless = at > before ? 0 : fruitless + 1;
      if (!isTransient(error) || fruitless === FRUITLESS) throw toStoreError(error);
    }
  }
}

function open(bucket: S3Bucket, { key, etag }: ReadTarget, { start, end }: ByteRange): Promise<IncomingMessage> {
  return bucket.send({ method: 'GET', key, headers: { range: `bytes=${start}-${end - 1}`, 'if-match': etag } });
}
