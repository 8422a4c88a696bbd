import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { errorCode } from '../system/error-code.js';
import { type Cluster, SUPERUSER } from './cluster.js';

/** A server process of a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const POLL_MS = 20;

/** The server that runs on this cluster, as its lock file says; a lock that a dead or foreign process left is removed. */
export async function runningPostmaster({ path }: Cluster): Promise<Postmaster | undefined> {
  const lock = join(path, 'postmaster.pid');
  const lines = (await readFile(lock, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!isAlive(pid) || !(await servesHere(pid, path))) {
    await rm(lock, { force: true });
    return undefined;
  }
  // The port is written a moment after the pid.
  return { pid, port: Number.isInteger(port) ? port : 0 };
}

/** Connection settings of a cluster's server; loopback only. */
export function connectionTo({ password }: Cluster, port: number, database: string): { host: string; port: number; user: string; password: string; database: string } {
  return { host: '127.0.0.1', port, user: SUPERUSER, password, database };
}

/** True when a server answers there for this very cluster. */
export async function answers(cluster: Cluster, port: number): Promise<boolean> {
  return withClient(connectionTo(cluster, port, 'postgres'), async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === cluster.path;
  }).catch(() => false);
}

/** Runs `work` with a connection of its own. */
export async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionTimeoutMillis: 5000, ...config });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Polls until `ready` says so; false when the time is up. */
export async function waitUntil(ready: () => Promise<boolean> | boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await ready())) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** True while there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The server works in its data directory; where /proc does not say, the lock file is believed. */
async function servesHere(pid: number, path: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return directory === path;
}
