import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { Pool, type PoolConfig } from 'pg';
import type { Clock } from '@gpt4video/ports/clock';
import { DomainError } from '@gpt4video/ports/errors';
import { errorCode } from '../system/error-code.js';

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
  /** Attempts of a transaction in all, the first included. */
  readonly maxAttempts?: number;
}

/** serialization_failure and deadlock_detected (PostgreSQL, Appendix A). */
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01']);
const BACKOFF_MS = 10;

/** A Postgres database behind Kysely. `Schema` maps table names to row types. `int8` comes as a string, as `pg` has it. */
export class PgDatabase<Schema> {
  readonly kysely: Kysely<Schema>;
  private readonly clock: Clock;
  private readonly maxAttempts: number;

  constructor(connection: PgConnection, options: PgDatabaseOptions) {
    this.clock = options.clock;
    this.maxAttempts = options.maxAttempts ?? 5;
    const pool = new Pool(poolConfig(connection, options));
    // An idle connection that the server closes is replaced at the next query; unheard, the event would end the process.
    pool.on('error', () => undefined);
    this.kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  }

  /**
   * Runs `work` in a transaction, again when the server asks for it (serialization failure, deadlock), so `work` must have no
   * effects but rows. Rolls back on a throw.
   */
  async transaction<T>(work: (transaction: Transaction<Schema>) => Promise<T>, isolation: 'read committed' | 'repeatable read' | 'serializable' = 'read committed'): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.kysely.transaction().setIsolationLevel(isolation).execute(work);
      } catch (error) {
        if (!isRetryable(error) || attempt >= this.maxAttempts) throw error;
        await this.clock.sleep(BACKOFF_MS * 2 ** attempt);
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
  const bounds = {
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'gpt4video',
  };
  if (!('url' in connection)) return { ...connection, ...bounds };
  if (!URL.canParse(connection.url)) throw new DomainError('invalid_request', 'The database URL cannot be read; use postgres://user:password@host:port/database.');
  return { connectionString: connection.url, ...bounds };
}

function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(errorCode(error) ?? '');
}
