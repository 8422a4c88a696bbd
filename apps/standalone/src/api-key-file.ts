import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key of this machine: made once, kept in the data folder, readable by its owner only. */
export async function readOrMakeApiKey(data: string): Promise<string> {
  const path = join(data, 'api-key');
  await mkdir(data, { recursive: true });
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = `sk-local-${randomBytes(24).toString('base64url')}`;
  await writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
