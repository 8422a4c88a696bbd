import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';
import { type Selectable, type Transaction, sql } from 'kysely';
import type { GenerationError, GenerationResult } from '../core/generations/generation.js';
import { GenerationQueue, type HeartbeatAnswer, type Lease, type LeaseKey, type QueueDepth } from '../core/generations/generation-queue.js';
import { ownThresholds } from '../core/tenants/tenant.js';
import { GatewayDatabase } from './gateway-database.js';
import { changeGeneration, finishedFact, intoFailed, intoQueued } from './generation-change.js';
import { OutboxWriter } from './outbox-writer.js';
import { nextToClaim, retryDelayMs } from './queue-order.js';
import { QueuePolicy } from './queue-policy.js';
import type { Schema } from './schema.js';

type Row = Selectable<Schema['generations']>;

/** The leased queue on rows of `generations`; all times are the database's. */
@Injectable()
export class PgGenerationQueue extends GenerationQueue {
  constructor(
    private readonly database: GatewayDatabase,
    private readonly outbox: OutboxWriter,
    private readonly policy: QueuePolicy,
  ) {
    super();
  }

  override claim(worker: string): Promise<Lease | undefined> {
    return this.database.transaction(async (tx) => {
      const next = await nextToClaim(tx, this.policy.maxAttempts);
      if (next === undefined) return undefined;
      const token = randomBytes(16).toString('hex');
      const set = { status: 'in_progress', worker, lease_token: token, lease_expires_at: this.expiry(), attempt: sql<number>`attempt + 1`, started_at: sql<Date>`coalesce(started_at, clock_timestamp())` } as const;
      const row = await changeGeneration(tx, next, { event: 'in_progress', set });
      const { safety } = await tx.selectFrom('tenants').select('safety').where('id', '=', row.tenant_id).executeTakeFirstOrThrow();
      return { generationId: row.id, token, expiresAtMs: row.lease_expires_at?.getTime() ?? 0, attempt: row.attempt, film: row.film, traceparent: row.traceparent, own: safety === null ? undefined : ownThresholds(safety) };
    });
  }

  override heartbeat(lease: LeaseKey, progress: number): Promise<HeartbeatAnswer> {
    return this.database.transaction(async (tx) => {
      const row = await this.held(tx, lease);
      if (row === undefined) return { stop: true, expiresAtMs: 0 };
      // 100 is kept for a film that is stored.
      const known = Math.min(Math.max(row.progress, Math.trunc(progress)), 99);
      const set = { progress: known, lease_expires_at: this.expiry() };
      const renewed =
        known > row.progress
          ? await changeGeneration(tx, row.id, { event: 'progress', set })
          : await tx.updateTable('generations').set(set).where('id', '=', row.id).returningAll().executeTakeFirstOrThrow();
      return { stop: false, expiresAtMs: renewed.lease_expires_at?.getTime() ?? 0 };
    });
  }

  override async complete(lease: LeaseKey, result: GenerationResult): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.held(tx, lease);
      if (row === undefined) {
        if (await this.wasCompletedBy(tx, lease)) return;
        throw lost(lease);
      }
      // The token stays on the row, so that a repeated call is recognised.
      const set = { status: 'completed', progress: 100, result: JSON.stringify(result), lease_expires_at: null, ended_at: sql<Date>`clock_timestamp()` } as const;
      const ended = await changeGeneration(tx, row.id, { event: 'completed', set });
      await this.outbox.write(tx, [finishedFact(ended)]);
    });
    this.outbox.committed();
  }

  override async fail(lease: LeaseKey, error: GenerationError): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.held(tx, lease);
      if (row === undefined) throw lost(lease);
      await this.endAttempt(tx, row, error);
    });
    this.outbox.committed();
  }

  override async release(lease: LeaseKey): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.held(tx, lease);
      if (row === undefined) throw lost(lease);
      await changeGeneration(tx, row.id, intoQueued(0, row.attempt - 1));
      await this.outbox.write(tx, [{ topic: 'generation.queued', generationId: row.id }]);
    });
    this.outbox.committed();
  }

  override async reap(): Promise<number> {
    const reaped = await this.database.transaction(async (tx) => {
      const rows = await tx.selectFrom('generations').selectAll().where('status', '=', 'in_progress').where('lease_expires_at', '<', sql<Date>`clock_timestamp()`).limit(100).forUpdate().skipLocked().execute();
      const error: GenerationError = { code: 'generation_failed', message: 'The worker that was making this video was lost; ask again.', retryable: true, category: '' };
      for (const row of rows) await this.endAttempt(tx, row, error);
      return rows.length;
    });
    if (reaped > 0) this.outbox.committed();
    return reaped;
  }

  override async depth(): Promise<QueueDepth> {
    const { rows } = await sql<{ queued: string; in_progress: string; oldest_ms: number | null }>`
      select count(*) filter (where status = 'queued') as queued,
             count(*) filter (where status = 'in_progress') as in_progress,
             (extract(epoch from clock_timestamp() - min(created_at) filter (where status = 'queued')) * 1000)::float8 as oldest_ms
      from generations where status in ('queued', 'in_progress')`.execute(this.database.kysely);
    return { queued: Number(rows[0]?.queued ?? 0), inProgress: Number(rows[0]?.in_progress ?? 0), oldestMs: Math.max(0, rows[0]?.oldest_ms ?? 0) };
  }

  private async endAttempt(tx: Transaction<Schema>, row: Row, error: GenerationError): Promise<void> {
    if (error.retryable && row.attempt < this.policy.maxAttempts) {
      await changeGeneration(tx, row.id, intoQueued(retryDelayMs(row.attempt), row.attempt));
      await this.outbox.write(tx, [{ topic: 'generation.queued', generationId: row.id }]);
      return;
    }
    const failed = await changeGeneration(tx, row.id, intoFailed(error));
    await this.outbox.write(tx, [finishedFact(failed)]);
  }

  /** The row, locked, when the lease still stands. */
  private held(tx: Transaction<Schema>, { generationId, token }: LeaseKey): Promise<Row | undefined> {
    return tx.selectFrom('generations').selectAll().where('id', '=', generationId).where('lease_token', '=', token).where('status', '=', 'in_progress').forUpdate().executeTakeFirst();
  }

  private async wasCompletedBy(tx: Transaction<Schema>, { generationId, token }: LeaseKey): Promise<boolean> {
    const row = await tx.selectFrom('generations').select('id').where('id', '=', generationId).where('lease_token', '=', token).where('status', '=', 'completed').executeTakeFirst();
    return row !== undefined;
  }

  private expiry() {
    return sql<Date>`clock_timestamp() + make_interval(secs => ${this.policy.leaseMs / 1000})`;
  }
}

function lost({ generationId }: LeaseKey): DomainError {
  return new DomainError('lease_lost', `The lease of generation "${generationId}" is no longer yours; drop the work.`);
}
