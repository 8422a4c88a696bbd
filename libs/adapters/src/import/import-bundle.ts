import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bundleFiles, parseManifest } from '@gpt4video/model/bundle/manifest';
import type { BundleManifest } from '@gpt4video/model/bundle/manifest';
import { DomainError } from '@gpt4video/ports/errors';
import { readManifest } from '../bundle/load-bundle.js';
import { verifyFile } from '../bundle/verify-file.js';
import { checkFolderFit } from './folder-fit.js';
import { SLOT_IMPORTERS } from './slot-importers.js';
import type { ImportedSlot } from './slot-importers.js';
import type { ImportSettings, SlotFragment } from './slot-importer.js';

/** What to make a bundle of. */
export interface ImportOptions extends ImportSettings {
  /** Folder of the new bundle; must not exist. Its last part is the bundle's name. */
  readonly into: string;
  /** Folder of the bundle that gives the slots which are not imported. */
  readonly from: string;
  /** Folder of the base models. */
  readonly cache: string;
  /** File or folder for each slot that is imported. */
  readonly sources: Partial<Record<ImportedSlot, string>>;
  readonly log: (line: string) => void;
}

/**
 * Makes a new bundle: imported slots from their sources, the others copied. Everything is written beside `into` and moved there when
 * every file is checked and every graph fits its neighbour, so that an error leaves nothing.
 * Throws `invalid_request`, `artifact_corrupt` or `model_unavailable` naming file, tensor, expected and found.
 */
export async function importBundle(options: ImportOptions): Promise<BundleManifest> {
  const into = resolve(options.into);
  if (await exists(into)) throw new DomainError('invalid_request', `The folder ${options.into} exists already. Name one that does not, so that no bundle is half replaced.`);
  if (Object.keys(options.sources).length === 0) throw new DomainError('invalid_request', `Nothing to import: name a source for at least one of ${Object.keys(SLOT_IMPORTERS).join(', ')}.`);
  const staged = `${into}.${process.pid}.partial`;
  await mkdir(dirname(into), { recursive: true });
  await mkdir(staged);
  try {
    const manifest = await fill(staged, options);
    await rename(staged, into);
    return manifest;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function fill(staged: string, options: ImportOptions): Promise<BundleManifest> {
  const { manifest: before } = await readManifest(options.from);
  const fragments: SlotFragment[] = [];
  for (const [slot, source] of Object.entries(options.sources) as [ImportedSlot, string][]) {
    options.log(`importing ${slot} from ${source}`);
    fragments.push(await SLOT_IMPORTERS[slot](source, staged, options.log, options));
  }
  const manifest = merge(before, fragments, basename(resolve(options.into)));
  await copyMissing(manifest, options.from, staged);
  await checkFolderFit(manifest, staged, options.cache);
  await writeFile(join(staged, 'bundle.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** Measured quality belongs to the parts it was measured with, so a new bundle has none. */
function merge(before: BundleManifest, fragments: readonly SlotFragment[], name: string): BundleManifest {
  const slots = Object.assign({}, ...fragments.map(({ manifest }) => manifest)) as SlotFragment['manifest'];
  const kept = before.licences.filter(({ part }) => !Object.keys(slots).some((slot) => part === slot || part.startsWith(`${slot} base`)));
  return parseManifest({ ...before, ...slots, name, quality: {}, licences: [...kept, ...fragments.flatMap(({ licences }) => licences)] });
}

/** Copies what no importer wrote, and checks every file of the manifest where it now lies. */
async function copyMissing(manifest: BundleManifest, from: string, staged: string): Promise<void> {
  for (const file of bundleFiles(manifest)) {
    const target = join(staged, file.path);
    if (!(await exists(target))) {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file.path), target, constants.COPYFILE_FICLONE).catch((cause: unknown) => {
        throw new DomainError('model_unavailable', `The file ${join(from, file.path)} cannot be copied: ${String(cause)}. Restore it, or name another bundle with --from.`, { cause });
      });
    }
    await verifyFile(target, file, `Restore ${join(from, file.path)}, or name another bundle with --from.`);
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
