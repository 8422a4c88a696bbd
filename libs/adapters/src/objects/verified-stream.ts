import { createHash } from 'node:crypto';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { corrupt } from './object-errors.js';

/** Passes an object's chunks on, and ends in `artifact_corrupt` when they are not the whole of what was stored. */
export async function* verified(chunks: AsyncIterable<Uint8Array>, { key, sha256 }: Pick<AssetRef, 'key' | 'sha256'>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw corrupt(key);
}
