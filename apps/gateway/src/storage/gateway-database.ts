import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** The gateway's view of a Postgres. Its owner closes it. */
export class GatewayDatabase {
  readonly kysely: Kysely<Schema>;

  /** Takes any Kysely on a Postgres dialect; the tables are those of `migrate`. */
  constructor(kysely: Kysely<unknown>) {
    this.kysely = kysely as unknown as Kysely<Schema>;
  }

  /** Runs the work in one transaction; a throw rolls everything back. */
  transaction<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.kysely.transaction().execute(work);
  }

  /** Rejects when the database does not answer. */
  async check(): Promise<void> {
    await sql`select 1`.execute(this.kysely);
  }
}
