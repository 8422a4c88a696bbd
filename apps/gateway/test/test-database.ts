import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@gpt4video/adapters/postgres/embedded-postgres';
import { PgDatabase } from '@gpt4video/adapters/postgres/pg-database';
import { SystemClock } from '@gpt4video/platform/system-clock';
import { sql } from 'kysely';
import { GatewayDatabase } from '../src/storage/gateway-database.js';
import { migrate } from '../src/storage/migrate.js';

/** A real Postgres with the gateway's tables, for one spec file. */
export class TestDatabase {
  private constructor(
    readonly database: GatewayDatabase,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<TestDatabase> {
    const directory = await mkdtemp(join(tmpdir(), 'gpt4video-gateway-'));
    await chmod(directory, 0o755);
    const server = await EmbeddedPostgres.start({ directory });
    const pool = new PgDatabase<unknown>(server.connection, { clock: new SystemClock(), maxConnections: 20 });
    const database = new GatewayDatabase(pool);
    await migrate(database);
    return new TestDatabase(database, async () => {
      await pool.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    });
  }

  /** Empties every table and leaves two tenants, `a` and `b`. */
  async clear(): Promise<void> {
    await sql`truncate tenants, api_keys, files, generations, generation_events, outbox, inbox, idempotency_keys cascade`.execute(this.database.kysely);
    await this.database.kysely.insertInto('tenants').values(['a', 'b'].map((id) => ({ id, name: id }))).execute();
  }

  stop(): Promise<void> {
    return this.end();
  }
}
