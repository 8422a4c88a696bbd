import { DomainError } from '@gpt4video/ports/errors';
import { bundleSchema } from './bundle-schema.js';
import type { BaseFile, BundleFile, BundleGraph, BundleManifest } from './bundle-schema.js';

export type { BaseFile, BundleFile, BundleGraph, BundleManifest } from './bundle-schema.js';

const REVISION_LENGTH = 12;

/** Parses the JSON text of bundle.json. Throws `model_unavailable` as `parseManifest`. */
export function parseManifestText(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('model_unavailable', 'bundle.json is not JSON; restore it from the repository or export the bundle again.', { cause });
  }
  return parseManifest(value);
}

/** Checks the content of bundle.json. Throws `model_unavailable` listing every fault with its path. */
export function parseManifest(value: unknown): BundleManifest {
  const result = bundleSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'bundle'}: ${issue.message}`);
  throw new DomainError('model_unavailable', `bundle.json has ${faults.length} fault(s): ${faults.join('; ')}. Correct them or export the bundle again.`);
}

/** Revision of a bundle: the first 12 hexadecimal digits of the SHA-256 of bundle.json's bytes. Throws `internal` on anything else. */
export function bundleRevision(sha256: string): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256.slice(0, REVISION_LENGTH);
  throw new DomainError('internal', `A SHA-256 is 64 lower-case hexadecimal digits, found "${sha256}".`);
}

/** Every file that lies in the bundle's own folder, in manifest order. */
export function bundleFiles(manifest: BundleManifest): readonly BundleFile[] {
  return Object.values(slotFiles(manifest)).flat();
}

/** The files in the bundle's own folder, slot by slot. A language model from a package has its adapter there, or nothing. */
export function slotFiles({ vision, abstractor, language, textEncoder, film, textEmbedding, textSafety }: BundleManifest): Readonly<Record<BundleSlot, readonly BundleFile[]>> {
  const { files, adapter } = language;
  return {
    vision: graphFiles(vision.file),
    abstractor: graphFiles(abstractor.file),
    language: [...(files === undefined ? [] : [...graphFiles(files.graph), files.embeddings, files.tokenizer]), ...(adapter === undefined ? [] : [adapter])],
    textEncoder: [...graphFiles(textEncoder.file), textEncoder.tokenizer],
    film: [...graphFiles(film.denoiser), ...graphFiles(film.decoder)],
    textEmbedding: [textEmbedding.file, textEmbedding.tokenizer],
    textSafety: [textSafety.file],
  };
}

/** Slots that have files in the bundle's folder. */
export type BundleSlot = 'vision' | 'abstractor' | 'language' | 'textEncoder' | 'film' | 'textEmbedding' | 'textSafety';

/** Every file that comes from a published package. */
export function baseFiles({ language, imageSafety }: BundleManifest): readonly BaseFile[] {
  return language.base === undefined ? [imageSafety.base] : [language.base, imageSafety.base];
}

/** Bytes of the language model: what was published, or what lies in the bundle, with the adapter. */
export function languageBytes(manifest: BundleManifest): number {
  return [...slotFiles(manifest).language, ...(manifest.language.base === undefined ? [] : [manifest.language.base])].reduce((sum, { bytes }) => sum + bytes, 0);
}

function graphFiles({ data, ...graph }: BundleGraph): readonly BundleFile[] {
  return data === undefined ? [graph] : [graph, data];
}
