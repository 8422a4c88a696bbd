import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { readInterface } from '@gpt4video/model/assembly/onnx-interface';
import type { GraphValue } from '@gpt4video/model/assembly/onnx-interface';
import { checkGraphFit } from '@gpt4video/model/bundle/graph-fit';
import type { CheckedGraph, GraphShapes } from '@gpt4video/model/bundle/graph-fit';
import type { BundleManifest } from '@gpt4video/model/bundle/manifest';
import { cacheSlots } from '../bundle/model-cache.js';

/**
 * Checks the shapes of the bundle's graphs against the manifest and each other. A language model from a package is checked when it is
 * in the cache already. Throws as `checkGraphFit`, or `artifact_corrupt` for a file that is no graph.
 */
export async function checkFolderFit(manifest: BundleManifest, folder: string, cache: string): Promise<void> {
  const { vision, abstractor, textEncoder, film, language } = manifest;
  const assembled = cacheSlots(manifest, cache).language?.folder;
  const paths: Partial<Record<CheckedGraph, string>> = {
    vision: join(folder, vision.file.path),
    abstractor: join(folder, abstractor.file.path),
    textEncoder: join(folder, textEncoder.file.path),
    denoiser: join(folder, film.denoiser.path),
    decoder: join(folder, film.decoder.path),
    ...(language.files === undefined ? {} : { language: join(folder, language.files.graph.path) }),
  };
  const graphs: Partial<Record<CheckedGraph, GraphShapes>> = {};
  for (const [graph, path] of Object.entries(paths) as [CheckedGraph, string][]) graphs[graph] = shapesOf(await readFile(path), path);
  if (assembled !== undefined) {
    const path = join(assembled, LANGUAGE_FILES.graph);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes !== undefined) graphs.language = shapesOf(bytes, path);
  }
  checkGraphFit(manifest, graphs);
}

function shapesOf(bytes: Uint8Array, file: string): GraphShapes {
  const { inputs, outputs } = readInterface(bytes, file);
  return { file, inputs: byName(inputs), outputs: byName(outputs) };
}

function byName(values: readonly GraphValue[]): GraphShapes['inputs'] {
  return Object.fromEntries(values.map(({ name, shape }) => [name, shape]));
}
