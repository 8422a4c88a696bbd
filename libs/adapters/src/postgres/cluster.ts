import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../system/error-code.js';
import { canReach, type ServerAccount } from './server-account.js';
import { REACHABLE_ROOT, type ServerBinaries } from './server-binaries.js';

/** A database cluster on disk and the password of its superuser. */
export interface Cluster {
  /** The server's data directory. */
  readonly path: string;
  readonly password: string;
}

/** The superuser of every cluster that we make. */
export const SUPERUSER = 'gpt4video';

/**
 * The cluster of `home`, made with initdb when there is none. It lies in `home/cluster`, or, where the server's account cannot
 * reach that, in a directory under `/var/tmp` that the file `home/cluster.path` names. Safe to call from two processes at once.
 */
export async function prepareCluster(home: string, binaries: ServerBinaries, account: ServerAccount | undefined): Promise<Cluster> {
  await mkdir(home, { recursive: true, mode: 0o755 });
  const password = await once(join(home, 'password'), randomBytes(24).toString('base64url'));
  const path = (await canReach(account, home)) ? resolve(home, 'cluster') : await once(join(home, 'cluster.path'), join(REACHABLE_ROOT, `gpt4video-cluster-${randomUUID()}`));
  const exists = await stat(join(path, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (!exists) await initialise(path, password, { binaries, account });
  return { path, password };
}

/** The text of a file that is written once, by whoever comes first, for the owner's eyes only. */
async function once(path: string, text: string): Promise<string> {
  await writeFile(path, `${text}\n`, { flag: 'wx', mode: 0o600, flush: true }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  return (await readFile(path, 'utf8')).trim();
}

async function initialise(path: string, password: string, { binaries, account }: { readonly binaries: ServerBinaries; readonly account: ServerAccount | undefined }): Promise<void> {
  // Built beside and renamed, so that a half-made cluster is never taken for one.
  const staged = await mkdtemp(join(dirname(path), '.cluster-'));
  try {
    const passwordFile = join(staged, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await chmod(staged, 0o700);
    if (account !== undefined) for (const each of [staged, passwordFile]) await chown(each, account.uid, account.gid);
    const data = join(staged, 'data');
    const settings = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'];
    await promisify(execFile)(binaries.initdb, [`--pgdata=${data}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...settings], {
      ...account,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
    }).catch((error: unknown) => Promise.reject(new Error(`initdb could not make a database cluster in ${path}: ${outputOf(error)}`, { cause: error })));
    await rename(data, path).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

function outputOf(error: unknown): string {
  const output = typeof error === 'object' && error !== null && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return output === '' ? String(error) : output;
}
