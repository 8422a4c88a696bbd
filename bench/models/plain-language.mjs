// The base model alone, assembled without the bundle's adapter, so that both sides compute the same.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleLanguage, LANGUAGE_FILES } from '@gpt4video/model/assembly/assemble-language';
import { GgufCheckpoint } from '@gpt4video/model/assembly/gguf-checkpoint';
import { byteSourceOf } from '@gpt4video/model/tensor/byte-source';

/** Writes the model into a temporary folder; `remove` deletes it. */
export async function plainLanguage(path) {
  const made = assembleLanguage(GgufCheckpoint.read(byteSourceOf(path, await readFile(path))), {});
  const folder = await mkdtemp(join(tmpdir(), 'gpt4video-bench-'));
  await writeFile(join(folder, LANGUAGE_FILES.graph), made.graph);
  await writeFile(join(folder, LANGUAGE_FILES.weights), made.weights);
  await writeFile(join(folder, LANGUAGE_FILES.embeddings), made.embeddings);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
