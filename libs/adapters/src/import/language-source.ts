import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GgufCheckpoint } from '@gpt4video/model/assembly/gguf-checkpoint';
import { ggufTokenizer } from '@gpt4video/model/assembly/gguf-tokenizer';
import { HubCheckpoint } from '@gpt4video/model/assembly/hub-checkpoint';
import { readHubConfig } from '@gpt4video/model/assembly/hub-config';
import { hubTokenizer } from '@gpt4video/model/assembly/hub-tokenizer';
import type { LlamaCheckpoint } from '@gpt4video/model/assembly/llama-checkpoint';
import { readSentencePieceModel } from '@gpt4video/model/assembly/sentencepiece-model';
import { sentencePieceTokenizer } from '@gpt4video/model/assembly/sentencepiece-tokenizer';
import type { TokenizerFile } from '@gpt4video/model/assembly/tokenizer-file';
import { DomainError } from '@gpt4video/ports/errors';
import { FileBytes } from '../filesystem/file-bytes.js';
import { hubLicence } from './hub-licence.js';
import { openTensorFiles } from './open-tensor-files.js';

/** A language model on disk, its files open until `close`. */
export interface LanguageSource {
  readonly name: string;
  readonly checkpoint: LlamaCheckpoint;
  readonly tokenizer: TokenizerFile;
  readonly licence: string;
  close(): void;
}

/** Opens a GGUF file or a hub folder. Throws `invalid_request` for anything else, `artifact_corrupt` for broken content. */
export async function openLanguageSource(source: string): Promise<LanguageSource> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory() === true) return openFolder(source);
  if (found?.isFile() === true) return openGguf(source);
  throw new DomainError('invalid_request', `The language model ${source} is neither a GGUF file nor a folder. Name one that is there.`);
}

function openGguf(path: string): LanguageSource {
  const file = FileBytes.open(path);
  try {
    const checkpoint = GgufCheckpoint.read(file);
    const licence = checkpoint.file.metadata.stringOr('general.license', 'not stated');
    return { name: basename(path), checkpoint, tokenizer: ggufTokenizer(checkpoint.file), licence, close: () => file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openFolder(folder: string): Promise<LanguageSource> {
  const config = join(folder, 'config.json');
  const hub = readHubConfig(config, await readText(config));
  const tokenizer = await folderTokenizer(folder);
  const { tensors, close } = await openTensorFiles(folder, ['model']);
  return { name: basename(resolve(folder)), checkpoint: new HubCheckpoint(tensors, hub), tokenizer, licence: await hubLicence(folder), close };
}

async function folderTokenizer(folder: string): Promise<TokenizerFile> {
  const json = join(folder, 'tokenizer.json');
  const text = await readFile(json, 'utf8').catch(() => undefined);
  if (text !== undefined) return hubTokenizer(json, text);
  const model = join(folder, 'tokenizer.model');
  const bytes = await readFile(model).catch(() => undefined);
  if (bytes !== undefined) return sentencePieceTokenizer(model, readSentencePieceModel(bytes, model));
  throw new DomainError('invalid_request', `The folder ${folder} holds neither tokenizer.json nor tokenizer.model. Fetch the model's tokenizer.`);
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DomainError('invalid_request', `The file ${path} cannot be read; name a folder as model hubs lay it out.`, { cause });
  });
}
