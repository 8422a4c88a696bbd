import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { PoolConfig } from 'pg';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import { GuardedPool } from './guarded-pool.js';
import { collided, ConnectionLost, isCollision } from './pg-error.js';

/** How to reach a database: its parts or a `postgres://` URL. */
export type PgConnection = { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly database: string } | { readonly url: string };

/** Bounds of a pool; times in milliseconds. */
export interface PgDatabaseOptions {
  readonly clock: Clock;
  readonly maxConnections?: number;
  /** A statement that takes longer is ended by the server. */
  readonly statementTimeoutMs?: number;
  /** Wait for a connection of the pool, or for the server to accept one. */
  readonly connectTimeoutMs?: number;
  /** A transaction that does nothing for so long is rolled back and its connection closed. */
  readonly idleTransactionMs?: number;
  /** Attempts of a transaction in all, the first included. */
  readonly maxAttempts?: number;
}

/** Pauses after a first attempt, doubled after each: rows are free again soon, a server takes a second to start. */
const COLLISION_MS = 10;
const RESTART_MS = 100;
/** Milliseconds that the client waits longer than the server, for a connection on which nothing comes any more. */
const SILENCE_MS = 5_000;

/** A Postgres database behind Kysely. `Schema` maps table names to row types. `int8` comes as a string, as `pg` has it. */
export class PgDatabase<Schema> {
  readonly kysely: Kysely<Schema>;
  private readonly clock: Clock;
  private readonly maxAttempts: number;

  constructor(connection: PgConnection, options: PgDatabaseOptions) {
    this.clock = options.clock;
    this.maxAttempts = options.maxAttempts ?? 5;
    const pool = new GuardedPool(poolConfig(connection, options));
    this.kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  }

  /**
   * Runs `work` in a transaction, so `work` must have no effects but rows; a throw rolls back. It is tried again when the server asks for
   * it (serialization failure, deadlock), and when the connection was lost before the commit was sent, which leaves nothing. A connection
   * lost during the commit is `unavailable`: nobody knows whether it happened.
   */
  async transaction<T>(work: (transaction: Transaction<Schema>) => Promise<T>, isolation: 'read committed' | 'repeatable read' | 'serializable' = 'read committed'): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let committing = false;
      try {
        return await this.kysely
          .transaction()
          .setIsolationLevel(isolation)
          .execute(async (transaction) => {
            const result = await work(transaction);
            committing = true;
            return result;
          });
      } catch (error) {
        const lost = error instanceof ConnectionLost && !(committing && error.sent);
        if (!lost && !isCollision(error)) throw error;
        if (attempt >= this.maxAttempts) throw lost ? error : collided(error);
        await this.clock.sleep((lost ? RESTART_MS : COLLISION_MS) * 2 ** attempt);
      }
    }
  }

  /** Applies the migrations that are missing, in the order of their names, all or none; one process at a time. */
  async migrate(migrations: Readonly<Record<string, Migration>>): Promise<readonly string[]> {
    const migrator = new Migrator({ db: this.kysely, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    return results.map((result) => result.migrationName);
  }

  /** True when the server answers. */
  async healthy(): Promise<boolean> {
    return this.kysely.executeQuery(CompiledQuery.raw('select 1')).then(
      () => true,
      () => false,
    );
  }

  /** Closes the pool after the queries in hand. */
  async close(): Promise<void> {
    await this.kysely.destroy();
  }
}

function poolConfig(connection: PgConnection, options: PgDatabaseOptions): PoolConfig {
  const statementMs = options.statementTimeoutMs ?? 30_000;
  const bounds = {
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + SILENCE_MS,
    idle_in_transaction_session_timeout: options.idleTransactionMs ?? 60_000,
    keepAlive: true,
    application_name: 'gpt4video',
  };
  if (!('url' in connection)) return { ...connection, ...bounds };
  if (!URL.canParse(connection.url)) throw new DomainError('invalid_request', 'The database URL cannot be read; use postgres://user:password@host:port/database.');
  return { connectionString: connection.url, ...bounds };
}
