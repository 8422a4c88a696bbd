import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TensorFiles } from '@gpt4video/model/tensor/tensor-files';
import { DomainError } from '@gpt4video/ports/errors';
import { z } from 'zod';
import { FileBytes } from '../filesystem/file-bytes.js';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) });

/** Tensors of files that are open until `close`. */
export interface OpenTensorFiles {
  readonly tensors: TensorFiles;
  close(): void;
}

/**
 * Opens `<stem>.safetensors`, or the shards of `<stem>.safetensors.index.json`, of a folder as model hubs lay it out; or the one file
 * that `source` names. Stems are tried in order. Throws `invalid_request` when there is none, `artifact_corrupt` for a shard or tensor that is missing.
 */
export async function openTensorFiles(source: string, stems: readonly string[] = ['model']): Promise<OpenTensorFiles> {
  if (source.endsWith('.safetensors')) return openAll(source, [source]);
  for (const stem of stems) {
    const single = join(source, `${stem}.safetensors`);
    if (await isFile(single)) return openAll(single, [single]);
    const index = `${single}.index.json`;
    if (await isFile(index)) return openShards(index);
  }
  const wanted = stems.map((stem) => `${stem}.safetensors or ${stem}.safetensors.index.json`).join(' or ');
  throw new DomainError('invalid_request', `The folder ${source} holds no ${wanted}. Convert its weights to safetensors, or name another folder.`);
}

async function openShards(index: string): Promise<OpenTensorFiles> {
  const map = parseIndex(index, await readFile(index, 'utf8'));
  const opened = openAll(index, [...new Set(Object.values(map))].map((name) => join(dirname(index), name)));
  for (const [tensor, file] of Object.entries(map)) {
    const found = opened.tensors.find(tensor)?.file;
    if (found !== undefined && basename(found) === file) continue;
    opened.close();
    throw new DomainError('artifact_corrupt', `${index}, tensor ${tensor}: expected in ${file}, found ${found === undefined ? 'nowhere' : `in ${basename(found)}`}. Fetch the shards again.`);
  }
  return opened;
}

function parseIndex(index: string, text: string): Readonly<Record<string, string>> {
  try {
    return indexSchema.parse(JSON.parse(text)).weight_map;
  } catch (cause) {
    throw new DomainError('artifact_corrupt', `${index}: expected a weight_map of tensors and files beside it, found something else. Fetch the file again.`, { cause });
  }
}

function openAll(source: string, paths: readonly string[]): OpenTensorFiles {
  const files: FileBytes[] = [];
  const close = (): void => files.forEach((file) => file.close());
  try {
    for (const path of paths) files.push(FileBytes.open(path));
    return { tensors: TensorFiles.read(source, files), close };
  } catch (error) {
    close();
    throw error;
  }
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
