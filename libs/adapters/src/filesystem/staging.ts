import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../system/error-code.js';

/** Names in use by this process, over all stores: a restart may get the same process id, its set is empty. */
const inUse = new Set<string>();

/**
 * Directories that are being filled. One becomes an object by a rename, which is atomic and fails when the object exists;
 * what a crash leaves here is swept at the next start.
 */
export class Staging {
  private constructor(private readonly root: string) {}

  /** Opens `root`, creating it, and removes what crashed processes left there. */
  static async open(root: string): Promise<Staging> {
    await mkdir(root, { recursive: true });
    for (const name of await readdir(root)) {
      if (isLeftover(name)) await rm(join(root, name), { recursive: true, force: true });
    }
    return new Staging(root);
  }

  /** Runs `fill` with a fresh directory, and removes what is left of it afterwards. */
  async use<T>(fill: (directory: string) => Promise<T>): Promise<T> {
    const name = `${process.pid}-${randomUUID()}`;
    const directory = join(this.root, name);
    inUse.add(name);
    try {
      await mkdir(directory);
      return await fill(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
      inUse.delete(name);
    }
  }
}

/** Moves a filled directory to where it will be seen, durably. False when something is there already. */
export async function reveal(directory: string, target: string): Promise<boolean> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  try {
    await rename(directory, target);
  } catch (error) {
    if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  await syncDirectory(parent);
  return true;
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isLeftover(name: string): boolean {
  const pid = Number(name.split('-')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return !inUse.has(name);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}
