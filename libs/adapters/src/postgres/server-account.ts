import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The account that the server runs under when we are root: Postgres refuses root. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** The account to run the server under; undefined where our own will do. Prefers `postgres` to `nobody`. */
export async function serverAccount(): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const fields = ['postgres', 'nobody'].map((name) => lines.find((each) => each[0] === name)).find((each) => each !== undefined);
  if (fields === undefined) throw new Error('Postgres does not run as root, and there is no account "postgres" or "nobody" to run it under; start as another user or add one.');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** True when the account may pass through every directory down to and including `path`. */
export async function canReach(account: ServerAccount | undefined, path: string): Promise<boolean> {
  if (account === undefined) return true;
  for (let at = resolve(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
