import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '@gpt4video/ports/clock';
import { type Kysely, sql } from 'kysely';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { PgDatabase } from './pg-database.js';

class NoWait extends Clock {
  override now = (): number => 0;
  override sleep = (): Promise<void> => Promise.resolve();
}

interface Tables {
  account: { id: number; cents: number };
}

const createAccounts = {
  up: (db: Kysely<unknown>): Promise<void> => db.schema.createTable('account').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('cents', 'integer').execute(),
};

describe('EmbeddedPostgres', () => {
  let directory: string;
  const started: EmbeddedPostgres[] = [];

  const start = async (at = directory): Promise<EmbeddedPostgres> => {
    const server = await EmbeddedPostgres.start({ directory: at });
    started.push(server);
    return server;
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pg-'));
    await chmod(directory, 0o755);
  });

  afterAll(async () => {
    for (const server of started) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('makes a cluster, migrates, and keeps rows and port over a restart', async () => {
    const first = await start();
    const database = new PgDatabase<Tables>(first.connection, { clock: new NoWait() });
    expect(await database.migrate({ '1': createAccounts })).toEqual(['1']);
    expect(await database.migrate({ '1': createAccounts })).toEqual([]);
    await database.kysely.insertInto('account').values({ id: 1, cents: 100 }).execute();
    await database.close();
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(second.connection).toEqual(first.connection);
    const again = new PgDatabase<Tables>(second.connection, { clock: new NoWait() });
    expect(await again.kysely.selectFrom('account').selectAll().execute()).toEqual([{ id: 1, cents: 100 }]);
    await again.close();
  });

  it('adopts the server that still runs, instead of starting a second', async () => {
    const running = await start();
    const adopted = await start();
    expect([adopted.adopted, adopted.pid, adopted.connection]).toEqual([true, running.pid, running.connection]);
  });

  it('comes back after the server was killed, over a lock file that names a live stranger', async () => {
    const running = await start();
    process.kill(running.pid, 'SIGKILL');
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await once(stranger, 'spawn');
    await running.stop();
    const lock = join(directory, 'cluster', 'postmaster.pid');
    const lines = (await readFile(lock, 'utf8')).split('\n');
    await writeFile(lock, [String(stranger.pid), ...lines.slice(1)].join('\n'));
    const next = await start();
    stranger.kill();
    expect(next.adopted).toBe(false);
    expect(next.pid).not.toBe(running.pid);
  });

  it('keeps the password for the owner', async () => {
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('starts in a directory that only we can enter', async () => {
    const closed = join(directory, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const server = await start(join(closed, 'pg'));
    const database = new PgDatabase<Tables>(server.connection, { clock: new NoWait() });
    expect(await database.healthy()).toBe(true);
    const { rows } = await sql<{ data_directory: string }>`show data_directory`.execute(database.kysely);
    await database.close();
    await server.stop();
    if (process.getuid?.() === 0) await rm(rows[0]?.data_directory ?? '', { recursive: true, force: true });
  });

  it('tries a transaction again that lost to another, and loses no update', async () => {
    const { connection } = await start();
    const database = new PgDatabase<Tables>(connection, { clock: new NoWait(), maxAttempts: 50 });
    const add = (): Promise<void> =>
      database.transaction(async (transaction) => {
        const { cents } = await transaction.selectFrom('account').select('cents').where('id', '=', 1).executeTakeFirstOrThrow();
        await transaction.updateTable('account').set({ cents: cents + 1 }).where('id', '=', 1).execute();
      }, 'serializable');
    await Promise.all(Array.from({ length: 8 }, add));
    expect(await database.kysely.selectFrom('account').select('cents').execute()).toEqual([{ cents: 108 }]);
    await database.close();
  });
});
