import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licence that a hub folder's README.md states in its first lines (`license: …`), or "not stated". */
export async function hubLicence(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(front)?.[1] ?? 'not stated';
}
