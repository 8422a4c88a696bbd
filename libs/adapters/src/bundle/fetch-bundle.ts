import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '@gpt4video/ports/errors';
import type { ObjectStore } from '@gpt4video/ports/object-store';
import { fileKey, indexKey, parseIndex, type PublishedIndex } from './published-bundle.js';
import { sha256Of, verifyFile } from './verify-file.js';

/** What to fetch, and whereto. */
export interface BundleWish {
  /** SHA-256 of the index, as `publishBundle` gave it: it pins every file. */
  readonly sha256: string;
  /** Folder that gets `bundle/` and `cache/`. */
  readonly into: string;
  /** Told of each file that was fetched. */
  readonly log: (line: string) => void;
}

/**
 * Fetches a published bundle; files that are there already, and right, are kept. Nothing is seen under its name before its last byte
 * was checked. Throws `model_unavailable` for a bundle that nobody published, `artifact_corrupt` for bytes that are not the pinned ones.
 */
export async function fetchBundle(store: ObjectStore, wish: BundleWish): Promise<PublishedIndex> {
  const index = await pinnedIndex(store, wish.sha256);
  for (const file of index.files) {
    const target = join(wish.into, file.path);
    const there = await verifyFile(target, file, '').then(() => true, () => false);
    if (there) continue;
    await fetchFile(store, file, target);
    wish.log(`fetched ${file.path}, ${(file.bytes / 1e6).toFixed(1)} MB`);
  }
  return index;
}

async function pinnedIndex(store: ObjectStore, sha256: string): Promise<PublishedIndex> {
  const ref = await store.find(indexKey(sha256));
  if (ref === undefined) throw new DomainError('model_unavailable', `No bundle ${sha256} is in the store. Push it: npx gpt4video models push`);
  const bytes = await store.read(ref);
  // The store keeps its word about what it was given; this is about who gave it.
  if (sha256Of([bytes]) !== sha256) throw corrupt(indexKey(sha256));
  return parseIndex(Buffer.from(bytes).toString('utf8'));
}

async function fetchFile(store: ObjectStore, { sha256 }: PublishedIndex['files'][number], target: string): Promise<void> {
  const partial = `${target}.partial`;
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash('sha256');
  try {
    const source = await store.stream(fileKey(sha256));
    await pipeline(source, async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    }, createWriteStream(partial));
    if (hash.digest('hex') !== sha256) throw corrupt(fileKey(sha256));
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

function corrupt(key: string): DomainError {
  return new DomainError('artifact_corrupt', `The object ${key} is not what its name says; remove it and push the bundle again.`);
}
