import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ASSEMBLY_FORMAT, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import type { BaseFile, BundleManifest } from '@gpt4video/model/bundle/bundle-schema';

/** Settings that decide where base models are kept. */
export interface CacheSettings {
  readonly GPT4VIDEO_MODEL_CACHE?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/** What a slot is made from; other sources make another slot folder, so that two versions never mix. */
export interface SlotSources {
  readonly format: number;
  readonly base: string;
  readonly adapter?: string;
}

/** One base model in the cache. */
export interface CacheSlot {
  readonly name: 'language' | 'image-safety';
  readonly folder: string;
  readonly sources: SlotSources;
  /** Files that the slot holds, besides its record. */
  readonly files: readonly string[];
}

/** Name of the image-safety graph inside its slot. */
export const IMAGE_SAFETY_FILE = 'image-safety.onnx';

/** Changes whenever the same published file would give another graph. */
const IMAGE_SAFETY_FORMAT = 1;

const ID_LENGTH = 16;

/** `GPT4VIDEO_MODEL_CACHE`, or `gpt4video/models` in the user's cache folder. */
export function modelCacheFolder(settings: CacheSettings): string {
  if (settings.GPT4VIDEO_MODEL_CACHE) return settings.GPT4VIDEO_MODEL_CACHE;
  return join(settings.XDG_CACHE_HOME || join(settings.HOME ?? '.', '.cache'), 'gpt4video', 'models');
}

/** The slots that the bundle needs, and where they are in the cache. A language model that lies in the bundle needs none. */
export function cacheSlots(manifest: BundleManifest, cache: string): { readonly language: CacheSlot | undefined; readonly imageSafety: CacheSlot } {
  const { language, imageSafety } = manifest;
  const sources = language.base === undefined ? undefined : { format: ASSEMBLY_FORMAT, base: language.base.sha256, ...(language.adapter === undefined ? {} : { adapter: language.adapter.sha256 }) };
  return {
    language: sources && slot(cache, 'language', Object.values(LANGUAGE_FILES), sources),
    imageSafety: slot(cache, 'image-safety', [IMAGE_SAFETY_FILE], { format: IMAGE_SAFETY_FORMAT, base: imageSafety.base.sha256 }),
  };
}

/** Where a published file is kept after it was fetched. */
export function sourcePath(cache: string, base: Pick<BaseFile, 'sha256'>): string {
  return join(cache, 'sources', `${base.sha256}.gguf`);
}

function slot(cache: string, name: CacheSlot['name'], files: readonly string[], sources: SlotSources): CacheSlot {
  const id = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, ID_LENGTH);
  return { name, sources, files, folder: join(cache, name, id) };
}
