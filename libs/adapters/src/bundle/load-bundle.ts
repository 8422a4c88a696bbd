import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { bundleFiles, bundleRevision, parseManifestText } from '@gpt4video/model/bundle/manifest';
import type { BundleFile, BundleManifest } from '@gpt4video/model/bundle/bundle-schema';
import { DomainError } from '@gpt4video/ports/errors';
import { cacheSlots, IMAGE_SAFETY_FILE } from './model-cache.js';
import { verifySlot } from './slot-record.js';
import { sha256Of, verifyFile } from './verify-file.js';

/** Where a bundle and its base models are. */
export interface BundlePlaces {
  /** Folder of bundle.json. */
  readonly folder: string;
  /** Folder of the base models, see `modelCacheFolder`. */
  readonly cache: string;
}

/** A bundle whose every file was checked. */
export interface LoadedBundle {
  readonly manifest: BundleManifest;
  /** First 12 hexadecimal digits of the manifest's hash. */
  readonly revision: string;
  /** Path of a file that the manifest names. */
  pathOf(file: BundleFile): string;
  /** Paths of the assembled language model. */
  readonly language: { readonly graph: string; readonly embeddings: string; readonly tokenizer: string };
  /** Path of the image-safety graph. */
  readonly imageSafety: string;
}

/**
 * Reads the manifest and checks size and sha256 of every file, in the bundle and in the cache.
 * Throws `model_unavailable` naming the file, what was expected, what was found, and the remedy.
 */
export async function loadBundle({ folder, cache }: BundlePlaces): Promise<LoadedBundle> {
  const { manifest, revision } = await readManifest(folder);
  for (const file of bundleFiles(manifest)) await verifyFile(join(folder, file.path), file, 'Restore it from the repository, or export the bundle again.');
  const slots = cacheSlots(manifest, cache);
  for (const slot of [slots.language, slots.imageSafety]) if (slot !== undefined) await verifySlot(slot);
  return {
    manifest,
    revision,
    pathOf: (file) => join(folder, file.path),
    language: languagePaths(folder, manifest, slots.language?.folder),
    imageSafety: join(slots.imageSafety.folder, IMAGE_SAFETY_FILE),
  };
}

function languagePaths(folder: string, { language: { files } }: BundleManifest, assembled = folder): LoadedBundle['language'] {
  const { graph, embeddings, tokenizer } = files ?? { graph: { path: LANGUAGE_FILES.graph }, embeddings: { path: LANGUAGE_FILES.embeddings }, tokenizer: { path: LANGUAGE_FILES.tokenizer } };
  return { graph: join(assembled, graph.path), embeddings: join(assembled, embeddings.path), tokenizer: join(assembled, tokenizer.path) };
}

/** The manifest and its revision, without looking at the files. Throws `model_unavailable`. */
export async function readManifest(folder: string): Promise<{ readonly manifest: BundleManifest; readonly revision: string }> {
  const path = join(folder, 'bundle.json');
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DomainError('model_unavailable', `The bundle's manifest ${path} cannot be read. Name a folder that holds one.`, { cause });
  });
  return { manifest: parseManifestText(bytes.toString('utf8')), revision: bundleRevision(sha256Of([bytes])) };
}
