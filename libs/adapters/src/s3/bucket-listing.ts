import type { ListedObject } from '@gpt4video/ports/object-store';
import type { S3Bucket } from './s3-bucket.js';

/** Keys of the port need no escaping in XML; others are not of the store. The `minio` client's own listing reads the key `1e5` as a number. */
const CONTENTS = /<Contents><Key>([A-Za-z0-9_-][A-Za-z0-9._/-]*)<\/Key><LastModified>([^<]+)<\/LastModified>.*?<Size>(\d+)<\/Size>/gs;

/** Every object under the prefix, page by page (S3 API, ListObjectsV2). */
export async function* listBucket(bucket: S3Bucket, prefix: string): AsyncGenerator<ListedObject> {
  for (let token: string | undefined = ''; token !== undefined; ) {
    const page: string = await bucket.ask({ method: 'GET', key: '', query: `list-type=2&prefix=${encodeURIComponent(prefix)}${token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`}` });
    for (const [, key = '', storedAt = '', bytes] of page.matchAll(CONTENTS)) yield { key, bytes: Number(bytes), storedAtMs: Date.parse(storedAt) };
    token = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(page)?.[1];
  }
}
