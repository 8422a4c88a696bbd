import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { GenerationResult } from '../core/generations/generation.js';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { GatewayDatabase } from './gateway-database.js';

/** Rows removed in one statement. */
export const BATCH = 200;

/** Rows whose time is over. Many processes may sweep at once: each takes rows that no other has. */
@Injectable()
export class RetentionRows {
  constructor(private readonly database: GatewayDatabase) {}

  /** Removes files past their `expires_after`, and returns the keys of their bytes. */
  async expireFiles(): Promise<readonly string[]> {
    const { rows } = await sql<{ asset: AssetRef }>`
      delete from files where id in (select id from files where expires_at < clock_timestamp() order by expires_at limit ${BATCH} for update skip locked)
      returning asset`.execute(this.database.kysely);
    return rows.map(({ asset }) => asset.key);
  }

  /** Removes generations that ended so long ago, and returns the keys of their films. */
  async expireGenerations(ageMs: number): Promise<readonly string[]> {
    const { rows } = await sql<{ result: GenerationResult | null }>`
      delete from generations where id in (select id from generations where ended_at < ${before(ageMs)} order by ended_at limit ${BATCH} for update skip locked)
      returning result`.execute(this.database.kysely);
    return rows.flatMap(({ result }) => (result === null ? [] : [result.video.key, result.thumbnail.key, result.spritesheet.key]));
  }

  /** Removes idempotency keys whose day is over. Resolves with how many. */
  async expireIdempotencyKeys(): Promise<number> {
    const { rows } = await sql`
      delete from idempotency_keys where (tenant_id, key) in
        (select tenant_id, key from idempotency_keys where expires_at < clock_timestamp() limit ${BATCH} for update skip locked)
      returning key`.execute(this.database.kysely);
    return rows.length;
  }

  /** Removes webhook deliveries that ended, and were tried last, more than `ageMs` ago. Resolves with how many. */
  async expireDeliveries(ageMs: number): Promise<number> {
    const { rows } = await sql`
      delete from webhook_deliveries where id in (
        select id from webhook_deliveries where status <> 'waiting' and next_at < clock_timestamp() - make_interval(secs => ${ageMs / 1000})
        limit ${BATCH} for update skip locked
      )
      returning id`.execute(this.database.kysely);
    return rows.length;
  }

  /** Milliseconds since the epoch by the database's clock. */
  async now(): Promise<number> {
    const { rows } = await sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`.execute(this.database.kysely);
    return rows[0]?.now ?? 0;
  }

  /** Those of the keys that no row needs. What is not known to be ours is never among them. */
  async orphansAmong(keys: readonly string[]): Promise<readonly string[]> {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${keys}::text[]) as key where case
        when key like 'uploads/%' then not exists (select 1 from files where asset->>'key' = key)
        when key like 'upload-parts/%' then not exists (select 1 from upload_parts where asset->>'key' = key)
        when key like 'films/%' then not exists (
          select 1 from generations g where g.id = split_part(key, '/', 2)
            and (g.ended_at is null or key in (g.result->'video'->>'key', g.result->'thumbnail'->>'key', g.result->'spritesheet'->>'key')))
        when key ~ '^[0-9a-f]{64}/' then not exists (select 1 from files where sha256 = split_part(key, '/', 1))
        else false end`.execute(this.database.kysely);
    return rows.map(({ key }) => key);
  }
}

function before(ageMs: number): RawBuilder<Date> {
  return sql<Date>`clock_timestamp() - make_interval(secs => ${ageMs / 1000})`;
}
