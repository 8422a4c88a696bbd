import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { ConnectionLost, endsConnection, toDatabaseError } from './pg-error.js';

/** A pool whose errors have codes of ours, and which keeps no connection that broke. */
export class GuardedPool implements PostgresPool {
  private readonly pool: Pool;

  constructor(config: PoolConfig) {
    this.pool = new Pool(config);
    // An idle connection that the server closes is replaced at the next query; unheard, the event would end the process.
    this.pool.on('error', () => undefined);
  }

  get options(): PostgresPool['options'] {
    return this.pool.options as PostgresPool['options'];
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      return new GuardedClient(await this.pool.connect());
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

/** A connection while it is lent. */
class GuardedClient implements PostgresPoolClient {
  private broken: unknown;

  private readonly note = (error: Error): void => {
    const mapped = toDatabaseError(error);
    this.broken ??= mapped instanceof ConnectionLost ? new ConnectionLost(error, false) : mapped;
  };

  constructor(private readonly client: PoolClient) {
    // A lent connection has no other listener; unheard, the event would end the process.
    client.on('error', this.note);
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(query: string | PostgresCursor<R>, parameters?: readonly unknown[]): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof query !== 'string') throw new Error('Cursors are not used here.');
    return this.run(query, parameters ?? []);
  }

  release(): void {
    this.client.off('error', this.note);
    this.client.release(this.broken !== undefined);
  }

  private async run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.broken !== undefined) throw this.broken;
    try {
      return (await this.client.query(sql, [...parameters])) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      const mapped = toDatabaseError(error);
      if (endsConnection(error)) this.broken = mapped;
      throw mapped;
    }
  }
}
