import { access, mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { serversFolder } from './config.js';

/** Something that is built or downloaded once per version and then only read. */
export interface Installation {
  /** Name of the server; a folder name. */
  readonly name: string;
  /** Changes whenever what `install` makes changes; a folder name. */
  readonly version: string;
  /** What the first installation costs, for the line that is printed before it. */
  readonly cost: string;
  /** Puts everything into this empty folder, which is renamed afterwards: nothing in it may hold its path. */
  readonly install: (folder: string) => Promise<void>;
}

const POLL_MS = 200;
const BEAT_MS = 2_000;
const STALE_MS = 20_000;

/**
 * The folder of an installation, made by whoever comes first; others wait for it. A half-made one is never seen: it is built beside
 * and renamed. The lock only spares a second build, so a lock that a dead process left is taken over without ceremony.
 */
export async function installOnce(installation: Installation, root = serversFolder()): Promise<string> {
  const folder = join(root, installation.name, installation.version);
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!(await takeLock(lock))) {
    await delay(POLL_MS);
    if (await exists(folder)) return folder;
  }
  const beat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  try {
    if (!(await exists(folder))) await build(installation, folder);
    return folder;
  } finally {
    clearInterval(beat);
    await rm(lock, { force: true });
  }
}

async function build({ name, version, cost, install }: Installation, folder: string): Promise<void> {
  process.stderr.write(`· installing ${name} ${version} (once, ${cost})\n`);
  const staged = await mkdtemp(`${folder}.`);
  try {
    const content = join(staged, 'content');
    await mkdir(content);
    await install(content);
    await rename(content, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  const free = await writeFile(lock, `${process.pid}\n`, { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (free) return true;
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > STALE_MS) await rm(lock, { force: true });
  return false;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
