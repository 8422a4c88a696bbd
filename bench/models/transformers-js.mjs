// transformers.js from its folder, offline; models lie in a local folder of the layout that the library reads.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The library, its version, and options that load `model` (a folder) with so many threads. */
export async function openTransformers(project, model, threads) {
  const path = createRequire(join(project, 'package.json')).resolve('@huggingface/transformers');
  const library = await import(pathToFileURL(path).href);
  library.env.allowRemoteModels = false;
  library.env.localModelPath = dirname(model);
  const options = { dtype: 'fp32', device: 'cpu', local_files_only: true, session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 } };
  return { library, version: library.env.version, options };
}
