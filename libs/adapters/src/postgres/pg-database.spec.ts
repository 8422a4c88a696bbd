import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '@gpt4video/ports/clock';
import { sql } from 'kysely';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { PgDatabase, type PgDatabaseOptions } from './pg-database.js';

class RealClock extends Clock {
  override now = (): number => 0;
  override sleep = (ms: number): Promise<void> => delay(ms);
}

interface Tables {
  note: { id: number };
}

const coded = (code: string): unknown => expect.objectContaining({ name: 'DomainError', code });

describe('PgDatabase', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  const opened: PgDatabase<Tables>[] = [];

  const open = (options: Partial<PgDatabaseOptions> = {}): PgDatabase<Tables> => {
    const database = new PgDatabase<Tables>(server.connection, { clock: new RealClock(), ...options });
    opened.push(database);
    return database;
  };
  const killServer = async (): Promise<void> => {
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
  };
  const startServer = async (): Promise<void> => {
    server = await EmbeddedPostgres.start({ directory });
  };
  const notes = async (): Promise<readonly number[]> => (await open().kysely.selectFrom('note').select('id').orderBy('id').execute()).map(({ id }) => id);
  const superuser = (statement: string) => sql.raw(statement).execute(open({ maxConnections: 1 }).kysely);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pg-'));
    await chmod(directory, 0o755);
    await startServer();
  });
  beforeEach(async () => {
    await superuser('drop table if exists note');
    await superuser('create table note (id integer primary key)');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close().catch(() => undefined)));
  });
  afterAll(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('goes on after the server was killed and started again', async () => {
    const database = open();
    await database.kysely.insertInto('note').values({ id: 1 }).execute();
    await killServer();
    await expect(database.kysely.selectFrom('note').selectAll().execute()).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: expect.any(Number) });
    expect(await database.healthy()).toBe(false);
    await startServer();
    expect(await notes()).toEqual([1]);
    expect(await database.kysely.selectFrom('note').select('id').execute()).toEqual([{ id: 1 }]);
  });

  it('runs a transaction again whose connection was lost before its commit, and its rows are there once', async () => {
    let attempts = 0;
    await open().transaction(async (transaction) => {
      attempts += 1;
      await transaction.insertInto('note').values({ id: attempts }).execute();
      if (attempts > 1) return;
      await killServer();
      await startServer();
    });
    expect(attempts).toBe(2);
    expect(await notes()).toEqual([2]);
  });

  it('does not run a transaction again whose commit may have happened', async () => {
    // A deferred trigger that ends the connection during the commit.
    await superuser('create or replace function leave() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$');
    await superuser('create constraint trigger leaving after insert on note deferrable initially deferred for each row execute function leave()');
    let attempts = 0;
    const adding = open().transaction(async (transaction) => {
      attempts += 1;
      await transaction.insertInto('note').values({ id: attempts }).execute();
    });
    await expect(adding).rejects.toEqual(coded('unavailable'));
    expect(attempts).toBe(1);
  });

  it('asks to come again when the server has no connection free', async () => {
    // The embedded server takes 60, of which three are kept for its superuser.
    await superuser('drop role if exists guest');
    await superuser("create role guest login password 'guest'");
    const guests = new PgDatabase<Tables>({ ...server.connection, user: 'guest', password: 'guest' } as never, { clock: new RealClock(), maxConnections: 70 });
    opened.push(guests);
    const asked = await Promise.allSettled(Array.from({ length: 70 }, () => sql`select pg_sleep(1)`.execute(guests.kysely)));
    const refused = asked.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(10);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'overloaded', retryAfterMs: expect.any(Number) });
    expect((await sql`select 1`.execute(guests.kysely)).rows).toHaveLength(1);
  });

  it('asks to come again when its own connections are all taken, and waits no longer than it was told', async () => {
    const database = open({ maxConnections: 1, connectTimeoutMs: 200 });
    const sleeping = sql`select pg_sleep(1)`.execute(database.kysely);
    await expect(database.kysely.selectFrom('note').selectAll().execute()).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: expect.any(Number) });
    await sleeping;
    expect(await database.kysely.selectFrom('note').selectAll().execute()).toEqual([]);
  });

  it('ends a statement that takes too long, and keeps the connection', async () => {
    const database = open({ maxConnections: 1, statementTimeoutMs: 200 });
    await expect(sql`select pg_sleep(5)`.execute(database.kysely)).rejects.toEqual(coded('deadline_exceeded'));
    expect(await database.kysely.selectFrom('note').selectAll().execute()).toEqual([]);
  });

  it('rolls back a transaction that does nothing for too long, and frees its locks', async () => {
    await superuser('insert into note values (1)');
    const idle = open({ idleTransactionMs: 200 }).transaction(async (transaction) => {
      await transaction.deleteFrom('note').execute();
      await delay(600);
      await transaction.selectFrom('note').selectAll().execute();
    });
    await expect(idle).rejects.toEqual(coded('deadline_exceeded'));
    expect(await notes()).toEqual([1]);
  });

  it('leaves what only the caller can judge as it is', async () => {
    await superuser('insert into note values (1)');
    await expect(open().kysely.insertInto('note').values({ id: 1 }).execute()).rejects.toMatchObject({ code: '23505' });
  });
});
