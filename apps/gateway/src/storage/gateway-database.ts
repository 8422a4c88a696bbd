import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** A Postgres as an adapter offers it. */
export interface SqlDatabase {
  readonly kysely: Kysely<unknown>;

  /** Runs the work in one transaction, again where that is safe; a throw rolls everything back. */
  transaction<T>(work: (transaction: Transaction<unknown>) => Promise<T>): Promise<T>;
}

/** The gateway's view of a Postgres, whose tables are those of `migrate`. Its owner closes it. */
export class GatewayDatabase {
  readonly kysely: Kysely<Schema>;

  constructor(private readonly database: SqlDatabase) {
    this.kysely = database.kysely as unknown as Kysely<Schema>;
  }

  /** Runs the work in one transaction, perhaps more than once, so it must have no effects but rows; a throw rolls everything back. */
  transaction<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.database.transaction((tx) => work(tx as unknown as Transaction<Schema>));
  }

  /** Rejects when the database does not answer. */
  async check(): Promise<void> {
    await sql`select 1`.execute(this.kysely);
  }
}
