import { DomainError } from '@gpt4video/ports/errors';
import { bundleSchema } from './bundle-schema.js';
import type { BaseFile, BundleFile, BundleManifest } from './bundle-schema.js';

export type { BaseFile, BundleFile, BundleManifest } from './bundle-schema.js';

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
  const { vision, abstractor, language, textEncoder, film, textEmbedding, textSafety } = manifest;
  return [
    vision.file,
    abstractor.file,
    language.adapter,
    textEncoder.file,
    textEncoder.tokenizer,
    film.denoiser,
    film.decoder,
    textEmbedding.file,
    textEmbedding.tokenizer,
    textSafety.file,
  ];
}

/** Every file that comes from a published package. */
export function baseFiles(manifest: BundleManifest): readonly BaseFile[] {
  return [manifest.language.base, manifest.imageSafety.base];
}
