import { DomainError } from '@gpt4video/ports/errors';
import { sql } from 'kysely';
import type { GatewayDatabase } from './gateway-database.js';

/** What no attempt could do: a generation that failed of a fault of ours, or a fact that the bus did not take. */
export interface Quarantined {
  readonly kind: 'generation' | 'fact';
  readonly id: string;
  /** Owner of a generation. */
  readonly tenant: string | null;
  readonly attempts: number;
  /** Code of a generation's failure; topic of a fact. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly since: Date;
}

/** The view `quarantine` as operators use it. */
export class Quarantine {
  constructor(private readonly database: GatewayDatabase) {}

  /** What lies there, newest first, at most `limit`. */
  async list(limit: number): Promise<readonly Quarantined[]> {
    const { rows } = await sql<Quarantined>`select kind, id, tenant_id as tenant, attempts, code, reason, since from quarantine order by since desc limit ${limit}`.execute(this.database.kysely);
    return rows;
  }

  /**
   * Gives a fact to the relays again, with all its attempts. Throws `not_found` for an id that does not lie there, and `conflict` for a
   * generation: how a film ended is never taken back, its owner asks for another.
   */
  async release(id: string): Promise<void> {
    const released = await this.database.kysely
      .updateTable('outbox')
      .set({ quarantined_at: null, reason: null, attempts: 0, claimed_until: new Date(0) })
      .where('id', '=', id)
      .where('quarantined_at', 'is not', null)
      .returning('id')
      .executeTakeFirst();
    if (released !== undefined) return;
    const { rows } = await sql`select 1 from quarantine where id = ${id}`.execute(this.database.kysely);
    if (rows.length > 0) throw new DomainError('conflict', `${id} is a generation that failed, and stays so; its owner asks for another film.`);
    throw new DomainError('not_found', `Nothing called ${id} lies in quarantine; quarantine list shows what does.`);
  }
}
