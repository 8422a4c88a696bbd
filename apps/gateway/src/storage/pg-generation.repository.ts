import { Injectable } from '@nestjs/common';
import { type Transaction, sql } from 'kysely';
import { type Generation, type GenerationEvent, isTerminal } from '../core/generations/generation.js';
import { GenerationRepository } from '../core/generations/generation-repository.js';
import type { Page, PageRequest } from '../core/page.js';
import { GatewayDatabase } from './gateway-database.js';
import { changeGeneration, finishedFact, intoCancelled } from './generation-change.js';
import { toGeneration } from './generation-row.js';
import { behindCursor, toPage } from './listing.js';
import { OutboxWriter } from './outbox-writer.js';
import type { Schema } from './schema.js';

/** Generations in Postgres, as their owners see them. */
@Injectable()
export class PgGenerationRepository extends GenerationRepository {
  constructor(
    private readonly database: GatewayDatabase,
    private readonly outbox: OutboxWriter,
  ) {
    super();
  }

  override async add(generation: Generation): Promise<Generation> {
    const stored = await this.database.transaction(async (tx) => {
      const inserted = await tx.insertInto('generations').values(toRow(generation)).onConflict((conflict) => conflict.column('id').doNothing()).returning('id').executeTakeFirst();
      if (inserted === undefined) return toGeneration(await tx.selectFrom('generations').selectAll().where('id', '=', generation.id).executeTakeFirstOrThrow());
      await changeGeneration(tx, generation.id, { event: 'queued', set: {} });
      await this.outbox.write(tx, [{ topic: 'generation.queued', generationId: generation.id }]);
      return generation;
    });
    this.outbox.committed();
    return stored;
  }

  override async find(tenantId: string, id: string): Promise<Generation | undefined> {
    const row = await this.database.kysely.selectFrom('generations').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst();
    return row && toGeneration(row);
  }

  override async list(tenantId: string, page: PageRequest): Promise<Page<Generation>> {
    const query = this.database.kysely.selectFrom('generations').selectAll().where('tenant_id', '=', tenantId).where(behindCursor('generations', tenantId, page));
    const rows = await query.orderBy('created_at', page.order).orderBy('id', page.order).limit(page.limit + 1).execute();
    return toPage(rows.map(toGeneration), page);
  }

  override async cancel(tenantId: string, id: string): Promise<Generation | undefined> {
    const generation = await this.database.transaction(async (tx) => {
      const row = await tx.selectFrom('generations').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined || isTerminal(row.status)) return row && toGeneration(row);
      const cancelled = await changeGeneration(tx, id, intoCancelled());
      await this.outbox.write(tx, [finishedFact(cancelled)]);
      return toGeneration(cancelled);
    });
    this.outbox.committed();
    return generation;
  }

  override remove(tenantId: string, id: string): Promise<{ generation: Generation; orphanKeys: readonly string[] } | undefined> {
    return this.database.transaction(async (tx) => {
      const row = await tx.deleteFrom('generations').where('tenant_id', '=', tenantId).where('id', '=', id).returningAll().executeTakeFirst();
      if (row === undefined) return undefined;
      const generation = toGeneration(row);
      return { generation, orphanKeys: await orphansOf(tx, generation) };
    });
  }

  override async eventsAfter(id: string, sequence: number): Promise<readonly GenerationEvent[]> {
    const rows = await this.database.kysely.selectFrom('generation_events').selectAll().where('generation_id', '=', id).where('sequence', '>', sequence).orderBy('sequence').execute();
    return rows.map((row) => ({ sequence: row.sequence, type: row.type, progress: row.progress, atMs: row.created_at.getTime() }));
  }
}

/** Films of the same spec and seed may share objects, so only what no other row names may go. */
async function orphansOf(tx: Transaction<Schema>, { result }: Generation): Promise<readonly string[]> {
  if (result === undefined) return [];
  const shared = await tx.selectFrom('generations').select('id').where(sql<string>`result->'video'->>'key'`, '=', result.video.key).limit(1).executeTakeFirst();
  return shared === undefined ? [result.video.key, result.thumbnail.key, result.spritesheet.key] : [];
}

function toRow(generation: Generation) {
  return {
    id: generation.id,
    tenant_id: generation.tenantId,
    model: generation.model,
    status: generation.status,
    progress: generation.progress,
    priority: generation.priority,
    film: JSON.stringify(generation.film),
    traceparent: generation.traceparent,
    remixed_from: generation.remixedFrom ?? null,
    attempt: generation.attempt,
    lease_token: null,
    lease_expires_at: null,
    worker: null,
    result: null,
    error: null,
    created_at: new Date(generation.createdAtMs),
    started_at: null,
    ended_at: null,
  };
}
