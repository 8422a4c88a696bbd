import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { GatewayDatabase } from '../src/storage/gateway-database.js';
import { migrate } from '../src/storage/migrate.js';

const BIN = '/usr/lib/postgresql/15/bin';
const NOBODY = 65534;

/** A real Postgres with the gateway's tables, for one spec file. */
export class TestDatabase {
  private constructor(
    readonly database: GatewayDatabase,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<TestDatabase> {
    const folder = mkdtempSync(join(tmpdir(), 'gpt4video-gateway-'));
    chownSync(folder, NOBODY, NOBODY);
    const ids = { uid: NOBODY, gid: NOBODY };
    const data = join(folder, 'data');
    execFileSync(join(BIN, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync'], { ...ids, stdio: 'ignore' });
    const port = await freePort();
    const child = spawn(join(BIN, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'], { ...ids, stdio: 'ignore' });
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'test', database: 'postgres', max: 20 });
    const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const database = new GatewayDatabase(kysely);
    await untilAnswers(kysely);
    await migrate(database);
    return new TestDatabase(database, async () => {
      await kysely.destroy();
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGINT');
      });
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** Empties every table. */
  async clear(): Promise<void> {
    await sql`truncate tenants, api_keys, files, generations, generation_events, outbox, inbox, idempotency_keys cascade`.execute(this.database.kysely);
    await this.database.kysely.insertInto('tenants').values(['a', 'b'].map((id) => ({ id, name: id }))).execute();
  }

  stop(): Promise<void> {
    return this.end();
  }
}

async function untilAnswers(kysely: Kysely<unknown>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await sql`select 1`.execute(kysely);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the test Postgres does not answer');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
