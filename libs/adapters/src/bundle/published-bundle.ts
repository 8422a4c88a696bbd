import { createReadStream } from 'node:fs';
import { join, relative } from 'node:path';
import { bundleFiles } from '@gpt4video/model/bundle/manifest';
import { DomainError } from '@gpt4video/ports/errors';
import type { ObjectStore } from '@gpt4video/ports/object-store';
import { z } from 'zod';
import { type BundlePlaces, loadBundle } from './load-bundle.js';
import { cacheSlots } from './model-cache.js';
import { SLOT_RECORD } from './slot-record.js';
import { measureFile, sha256Of } from './verify-file.js';

// Segments that stay inside the folder into which they are fetched.
const path = z.string().regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[^/\\]+(\/[^/\\]+)*$/);

const index = z.object({
  bundle: z.string(),
  revision: z.string(),
  files: z.array(z.object({ path, sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().min(0) })).min(1),
});

/** What a published bundle consists of: every file of the bundle and of its base models, by its place under `bundle/` and `cache/`. */
export type PublishedIndex = z.output<typeof index>;

/** Key of an index, which the SHA-256 of its bytes names. */
export function indexKey(sha256: string): string {
  return `bundles/${sha256}.json`;
}

/** Key of a file; bundles share the files that they have in common. */
export function fileKey(sha256: string): string {
  return `files/${sha256}`;
}

/** Puts a bundle whose every file is right into the store, and resolves with the SHA-256 of its index. Throws what `loadBundle` throws. */
export async function publishBundle(store: ObjectStore, places: BundlePlaces): Promise<string> {
  const content = await indexOf(places);
  for (const { path: file, sha256, bytes } of content.files) {
    const stored = await store.put(fileKey(sha256), createReadStream(placeOf(places, file)), { mediaType: 'application/octet-stream' });
    if (stored.sha256 !== sha256 || stored.bytes !== bytes) throw new DomainError('artifact_corrupt', `The object ${fileKey(sha256)} is not ${file}; remove it and push again.`);
  }
  const text = Buffer.from(JSON.stringify(content, undefined, 1));
  const sha256 = sha256Of([text]);
  await store.put(indexKey(sha256), text, { mediaType: 'application/json' });
  return sha256;
}

/** Reads the text of an index. Throws `artifact_corrupt`. */
export function parseIndex(text: string): PublishedIndex {
  try {
    return index.parse(JSON.parse(text));
  } catch (cause) {
    throw new DomainError('artifact_corrupt', 'The index of the published bundle is not one; push the bundle again.', { cause });
  }
}

async function indexOf(places: BundlePlaces): Promise<PublishedIndex> {
  const { manifest, revision } = await loadBundle(places);
  const own = ['bundle.json', ...bundleFiles(manifest).map(({ path: file }) => file)].map((file) => `bundle/${file}`);
  const bases = Object.values(cacheSlots(manifest, places.cache)).flatMap((slot) => (slot === undefined ? [] : [SLOT_RECORD, ...slot.files].map((file) => `cache/${relative(places.cache, join(slot.folder, file))}`)));
  const files = [];
  for (const file of [...own, ...bases]) files.push({ path: file, ...(await measureFile(placeOf(places, file))) });
  return { bundle: manifest.name, revision, files };
}

function placeOf({ folder, cache }: BundlePlaces, file: string): string {
  return file.startsWith('bundle/') ? join(folder, file.slice('bundle/'.length)) : join(cache, file.slice('cache/'.length));
}
