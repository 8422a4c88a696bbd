import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

// Below the ports that systems lend to outgoing connections, so that a stopped server finds its port free again.
const FIRST = 20_000;
const LAST = 32_000;
const ATTEMPTS = 100;

// Given away and perhaps not listened on yet.
const given = new Set<number>();

/** A loopback port that nobody listens on; each call of a process gets another. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${FIRST} and ${LAST} is free on 127.0.0.1.`);
}

/** The port that a server of this folder had the last time, when it is still free; a new one otherwise, remembered for the next time. */
export async function keptPort(folder: string, name: string): Promise<number> {
  const file = join(folder, `${name}.port`);
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (Number.isInteger(kept) && kept > 0 && kept < 65_536 && (await isFree(kept))) return kept;
  const port = await freePort();
  await writeFile(file, `${port}\n`);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
