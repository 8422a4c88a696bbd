import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBundle, readManifest } from '@gpt4video/adapters/bundle/load-bundle';
import { cacheSlots } from '@gpt4video/adapters/bundle/model-cache';
import { pullModels } from '@gpt4video/adapters/bundle/pull-models';
import { readSlot } from '@gpt4video/adapters/bundle/slot-record';
import { bundleFiles } from '@gpt4video/model/bundle/manifest';
import { modelCard } from '@gpt4video/model/bundle/model-card';
import type { ModelsOptions } from './models-options.js';

/** Fetches and assembles what is missing. */
export async function pull({ bundle, cache, baseModel, quiet, print }: ModelsOptions): Promise<void> {
  await pullModels({ folder: bundle, cache, baseModel, log: (line) => print(`models: ${line}`) });
  if (!quiet) print('models: everything is there');
}

/** Hashes every file again. Throws `model_unavailable` naming the first that is wrong. */
export async function verify({ bundle, cache, print }: ModelsOptions): Promise<void> {
  const { manifest, revision } = await loadBundle({ folder: bundle, cache });
  print(`bundle ${manifest.name}, revision ${revision}: every file is as it should be`);
}

/** Prints the files of each slot: where from, size, there or not. */
export async function list({ bundle, cache, print }: ModelsOptions): Promise<void> {
  const { manifest, revision } = await readManifest(bundle);
  print(`bundle ${manifest.name}, revision ${revision}`);
  for (const { path, sha256, bytes } of bundleFiles(manifest)) {
    const there = await stat(join(bundle, path)).then(() => true, () => false);
    print(row(path, sha256, there ? bytes : undefined));
  }
  for (const slot of Object.values(cacheSlots(manifest, cache))) {
    if (slot === undefined) continue;
    const record = await readSlot(slot);
    for (const name of slot.files) print(row(`${slot.name}/${name}`, record?.files[name]?.sha256 ?? '', record?.files[name]?.bytes));
  }
}

/** Prints a model card made from the manifest. */
export async function card({ bundle, print }: ModelsOptions): Promise<void> {
  const { manifest, revision } = await readManifest(bundle);
  print(modelCard(manifest, revision));
}

function row(name: string, sha256: string, bytes: number | undefined): string {
  const size = bytes === undefined ? 'missing' : `${(bytes / 1e6).toFixed(1)} MB`;
  return `${name.padEnd(36)} ${size.padStart(9)}  ${sha256.slice(0, 12)}`;
}
