import { spawn } from 'node:child_process';
import { open, readFile, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Cluster, prepareCluster } from './cluster.js';
import type { PgConnection } from './pg-database.js';
import { answers, connectionTo, isAlive, type Postmaster, runningPostmaster, waitUntil, withClient } from './postmaster.js';
import { serverAccount, type ServerAccount } from './server-account.js';
import { serverBinaries } from './server-binaries.js';

/** Where the server keeps its data, and the database that is made in it. */
export interface EmbeddedPostgresOptions {
  readonly directory: string;
  /** Created when it does not exist; letters, digits and `_`. */
  readonly database?: string;
}

const START_MS = 30_000;
const STOP_MS = 30_000;
const ATTEMPTS = 3;
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60', 'shared_buffers=32MB', 'wal_level=minimal', 'max_wal_senders=0', 'log_destination=stderr'];

/**
 * A real Postgres as a child process, on a loopback port that stays the same from start to start. It outlives us when we are killed:
 * the next start adopts the server that still runs, so there is never a second one on the same data.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly postmaster: Postmaster,
    /** How to reach the database. */
    readonly connection: PgConnection,
    /** True when the server was running already. */
    readonly adopted: boolean,
  ) {}

  /** Process id of the server. */
  get pid(): number {
    return this.postmaster.pid;
  }

  /** Starts or adopts the server of `directory` and resolves when it answers. Throws with the server's last words. */
  static async start({ directory, database = 'gpt4video' }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(database)) throw new Error(`"${database}" is no database name; use a-z, 0-9 and "_".`);
    const account = await serverAccount();
    const binaries = await serverBinaries(account);
    const made = await prepareCluster(directory, binaries, account);
    const cluster = { ...made, path: await realpath(made.path) };
    const adopted = await adopt(cluster);
    const postmaster = adopted ?? (await launch(cluster, { program: binaries.postgres, directory, account }));
    const connection = connectionTo(cluster, postmaster.port, database);
    await withClient({ ...connection, database: 'postgres' }, async (client) => {
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
      if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
    });
    return new EmbeddedPostgres(postmaster, connection, adopted !== undefined);
  }

  /** Fast shutdown: open transactions are rolled back, connections closed. Stopping what has stopped succeeds. */
  async stop(): Promise<void> {
    const { pid } = this.postmaster;
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      if (!isAlive(pid)) return;
      process.kill(pid, signal);
      if (await waitUntil(() => !isAlive(pid), STOP_MS)) return;
    }
    throw new Error(`The Postgres server (process ${pid}) does not stop; end it by hand.`);
  }
}

/** The server that is running on the cluster, once it answers; undefined when none runs, or it was on its way out. */
async function adopt(cluster: Cluster): Promise<Postmaster | undefined> {
  let found = await runningPostmaster(cluster);
  if (found === undefined) return undefined;
  const settled = await waitUntil(async () => {
    found = await runningPostmaster(cluster);
    return found === undefined || (await answers(cluster, found.port));
  }, START_MS);
  if (!settled) throw new Error(`A Postgres server (process ${found.pid}) holds ${cluster.path} but does not answer; end it by hand and start again.`);
  return found;
}

async function launch(cluster: Cluster, { program, directory, account }: { readonly program: string; readonly directory: string; readonly account: ServerAccount | undefined }): Promise<Postmaster> {
  const logPath = join(directory, 'server.log');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = await choosePort(join(directory, 'port'), attempt > 1);
    const log = await open(logPath, 'w', 0o600);
    // A group and a log file of its own: neither our Ctrl-C nor our death reaches it while we still need it.
    const args = ['-D', cluster.path, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
    const child = spawn(program, args, { ...account, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    let ended = false;
    child.once('exit', () => (ended = true));
    child.once('error', () => (ended = true));
    await log.close();
    const ready = await waitUntil(async () => ended || (await answers(cluster, port)), START_MS);
    if (ready && !ended && child.pid !== undefined) return { pid: child.pid, port };
    child.kill('SIGQUIT');
    // Another process of ours may have won the race for the cluster.
    const other = await adopt(cluster);
    if (other !== undefined) return other;
  }
  throw new Error(`Postgres did not start on ${cluster.path}; its last words: ${await lastWords(logPath)}`);
}

/** The port of the last start when it is still free, another otherwise. */
async function choosePort(file: string, fresh: boolean): Promise<number> {
  const kept = fresh ? 0 : Number(await readFile(file, 'utf8').catch(() => '0'));
  const port = (await freePort(Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : 0)) ?? (await freePort(0));
  if (port === undefined) throw new Error('No loopback port is free for Postgres.');
  await writeFile(file, `${port}\n`);
  return port;
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

async function lastWords(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join(' | ');
}
