import { fetchBundle } from '@gpt4video/adapters/bundle/fetch-bundle';
import { publishBundle } from '@gpt4video/adapters/bundle/published-bundle';
import { S3ObjectStore } from '@gpt4video/adapters/s3/s3-object-store';
import { modelStore } from './config.js';
import { UsageError } from './models-options.js';
import type { ModelsOptions } from './models-options.js';

/** Puts the bundle and its base models into the bucket of models. Prints the SHA-256 that pins them. */
export async function push({ bundle, cache, print }: ModelsOptions): Promise<void> {
  print(await publishBundle(new S3ObjectStore(modelStore()), { folder: bundle, cache }));
}

/** Fetches a published bundle from the bucket of models, every byte checked. */
export async function pullPublished({ published, into, quiet, print }: ModelsOptions): Promise<void> {
  if (published === undefined || !/^[0-9a-f]{64}$/.test(published) || into === undefined) throw new UsageError('models pull --published takes the SHA-256 that models push printed, and --into DIR.');
  const { bundle, revision, files } = await fetchBundle(new S3ObjectStore(modelStore()), { sha256: published, into, log: quiet ? () => undefined : (line) => print(`models: ${line}`) });
  print(`models: bundle ${bundle}, revision ${revision}, is in ${into}: ${files.length} files, each as it should be`);
}
