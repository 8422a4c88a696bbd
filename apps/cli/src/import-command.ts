import { importBundle } from '@gpt4video/adapters/import/import-bundle';
import { bundleFiles } from '@gpt4video/model/bundle/manifest';
import { UsageError } from './models-options.js';
import type { ModelsOptions } from './models-options.js';

/** Makes a new bundle from a researcher's own weights. */
export async function importModels({ into, from, cache, sources, settings, print }: ModelsOptions): Promise<void> {
  if (into === undefined) throw new UsageError('models import needs --into DIR, the folder of the new bundle.');
  const manifest = await importBundle({ into, from, cache, sources, ...settings, log: (line) => print(`models: ${line}`) });
  const megabytes = bundleFiles(manifest).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  print(`models: bundle ${manifest.name} is ready in ${into} (${megabytes.toFixed(1)} MB)`);
}
