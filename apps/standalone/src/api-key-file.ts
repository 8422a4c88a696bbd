import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptFile } from '@gpt4video/adapters/filesystem/kept-file';

/** The key of this machine: made once, kept in the data folder, readable by its owner only. */
export async function readOrMakeApiKey(data: string): Promise<string> {
  return (await keptFile(join(data, 'api-key'), () => `sk-local-${randomBytes(24).toString('base64url')}\n`)).trim();
}
