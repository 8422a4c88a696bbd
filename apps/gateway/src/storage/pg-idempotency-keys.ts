import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type IdempotencyClaim, IdempotencyKeys, type IdempotencySlot } from '../core/tenants/idempotency-keys.js';
import { GatewayDatabase } from './gateway-database.js';

/** Idempotency keys in Postgres. */
@Injectable()
export class PgIdempotencyKeys extends IdempotencyKeys {
  override readonly lockMs = 60_000;

  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async claim({ tenantId, key, fingerprint }: IdempotencySlot): Promise<IdempotencyClaim> {
    const locked = this.lockedUntil();
    const expires = sql<Date>`clock_timestamp() + interval '1 day'`;
    // One statement: a new key, an expired one, one given back and one whose process died are claimed; anything else is left as it is.
    // A try that follows another keeps the key's end, which tells this use of the key from one after its lifetime.
    const claimed = await this.database.kysely
      .insertInto('idempotency_keys')
      .values({ tenant_id: tenantId, key, fingerprint, status: null, body: null, locked_until: locked, expires_at: expires })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'key'])
          .doUpdateSet({ fingerprint, status: null, body: null, locked_until: locked, expires_at: sql<Date>`case when idempotency_keys.expires_at < clock_timestamp() then ${expires} else idempotency_keys.expires_at end` })
          .where(sql<boolean>`idempotency_keys.expires_at < clock_timestamp() or (idempotency_keys.status is null and idempotency_keys.locked_until < clock_timestamp())`),
      )
      .returning('expires_at')
      .executeTakeFirst();
    if (claimed !== undefined) return { kind: 'fresh', once: digestOf([tenantId, key, fingerprint, claimed.expires_at]) };
    const row = await this.database.kysely.selectFrom('idempotency_keys').selectAll().where('tenant_id', '=', tenantId).where('key', '=', key).executeTakeFirst();
    if (row === undefined) return this.claim({ tenantId, key, fingerprint });
    if (row.fingerprint !== fingerprint) return { kind: 'mismatch' };
    return row.status === null ? { kind: 'busy' } : { kind: 'replay', body: row.body };
  }

  override async renew({ tenantId, key }: IdempotencySlot): Promise<void> {
    await this.database.kysely.updateTable('idempotency_keys').set({ locked_until: this.lockedUntil() }).where('tenant_id', '=', tenantId).where('key', '=', key).where('status', 'is', null).execute();
  }

  override async settle({ tenantId, key }: IdempotencySlot, body: unknown): Promise<void> {
    await this.database.kysely.updateTable('idempotency_keys').set({ status: 200, body: JSON.stringify(body) }).where('tenant_id', '=', tenantId).where('key', '=', key).execute();
  }

  override async free({ tenantId, key }: IdempotencySlot): Promise<void> {
    await this.database.kysely.updateTable('idempotency_keys').set({ locked_until: sql<Date>`clock_timestamp()` }).where('tenant_id', '=', tenantId).where('key', '=', key).where('status', 'is', null).execute();
  }

  private lockedUntil() {
    return sql<Date>`clock_timestamp() + make_interval(secs => ${this.lockMs / 1000})`;
  }
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
