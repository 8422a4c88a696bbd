import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = 'c2pa-python==0.38.1';
const folder = resolve(import.meta.dirname, '../../../node_modules/.cache/python', PACKAGE.replace('==', '-'));

/** What the C2PA SDK for Python says of a file. */
export interface IndependentReading {
  readonly state: 'Trusted' | 'Valid' | 'Invalid' | 'unreadable';
  readonly codes: readonly string[];
  readonly store?: { readonly active_manifest: string; readonly manifests: Readonly<Record<string, unknown>> };
}

/** Reads the manifests of MP4 files with a reader that is not ours; installs it once, below node_modules. */
export async function readIndependently(...paths: readonly string[]): Promise<IndependentReading[]> {
  await access(join(folder, 'c2pa')).catch(async () => await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, PACKAGE]));
  const { stdout } = await run('python3', [join(import.meta.dirname, 'independent-reader.py'), ...paths], { env: { ...process.env, PYTHONPATH: folder }, maxBuffer: 16 << 20 });
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as IndependentReading);
}
