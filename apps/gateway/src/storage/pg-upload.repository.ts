import { Injectable } from '@nestjs/common';
import { type Selectable, type Transaction, sql } from 'kysely';
import type { PartialUpload, UploadPart } from '../core/uploads/upload.js';
import { UploadRepository } from '../core/uploads/upload-repository.js';
import { GatewayDatabase } from './gateway-database.js';
import type { Schema } from './schema.js';

/** Uploads in Postgres. */
@Injectable()
export class PgUploadRepository extends UploadRepository {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async add(upload: PartialUpload): Promise<void> {
    const { id, tenantId, filename, purpose, mediaType, bytes, expiresAfterSeconds = null, status } = upload;
    const times = { created_at: new Date(upload.createdAtMs), expires_at: new Date(upload.expiresAtMs) };
    await this.database.kysely.insertInto('uploads').values({ id, tenant_id: tenantId, filename, purpose, media_type: mediaType, bytes, expires_after_seconds: expiresAfterSeconds, status, file_id: null, ...times }).execute();
  }

  override async find(tenantId: string, id: string): Promise<PartialUpload | undefined> {
    const row = await this.database.kysely.selectFrom('uploads').selectAll().select(sql<boolean>`expires_at < clock_timestamp()`.as('late')).where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst();
    return row && { ...toUpload(row), ...(row.status === 'pending' && row.late ? { status: 'expired' as const } : {}) };
  }

  override async addPart(uploadId: string, { id, asset, createdAtMs }: UploadPart): Promise<void> {
    await this.database.kysely.insertInto('upload_parts').values({ id, upload_id: uploadId, asset: JSON.stringify(asset), created_at: new Date(createdAtMs) }).execute();
  }

  override async parts(uploadId: string): Promise<readonly UploadPart[]> {
    const rows = await this.database.kysely.selectFrom('upload_parts').selectAll().where('upload_id', '=', uploadId).orderBy('created_at').orderBy('id').execute();
    return rows.map(toPart);
  }

  override async lock(id: string): Promise<boolean> {
    const locked = await this.database.kysely
      .updateTable('uploads')
      .set({ locked_until: sql<Date>`clock_timestamp() + interval '5 minutes'` })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .where('locked_until', '<', sql<Date>`clock_timestamp()`)
      .returning('id')
      .executeTakeFirst();
    return locked !== undefined;
  }

  override async unlock(id: string): Promise<void> {
    await this.database.kysely.updateTable('uploads').set({ locked_until: sql<Date>`'-infinity'` }).where('id', '=', id).execute();
  }

  override end(id: string, status: 'completed' | 'cancelled', fileId?: string): Promise<readonly UploadPart[] | undefined> {
    return this.database.transaction(async (tx) => {
      const ended = await tx.updateTable('uploads').set({ status, file_id: fileId ?? null }).where('id', '=', id).where('status', '=', 'pending').returning('id').executeTakeFirst();
      return ended && takeParts(tx, [id]);
    });
  }

  override expire(): Promise<readonly UploadPart[]> {
    return this.database.transaction(async (tx) => {
      const late = await tx.updateTable('uploads').set({ status: 'expired' }).where('status', '=', 'pending').where('expires_at', '<', sql<Date>`clock_timestamp()`).where('locked_until', '<', sql<Date>`clock_timestamp()`).returning('id').execute();
      return late.length === 0 ? [] : takeParts(tx, late.map(({ id }) => id));
    });
  }
}

async function takeParts(tx: Transaction<Schema>, uploadIds: readonly string[]): Promise<readonly UploadPart[]> {
  return (await tx.deleteFrom('upload_parts').where('upload_id', 'in', uploadIds).returningAll().execute()).map(toPart);
}

function toPart({ id, asset, created_at }: Selectable<Schema['upload_parts']>): UploadPart {
  return { id, asset, createdAtMs: created_at.getTime() };
}

function toUpload(row: Selectable<Schema['uploads']>): PartialUpload {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    filename: row.filename,
    purpose: row.purpose,
    mediaType: row.media_type,
    bytes: Number(row.bytes),
    ...(row.expires_after_seconds === null ? {} : { expiresAfterSeconds: row.expires_after_seconds }),
    status: row.status,
    ...(row.file_id === null ? {} : { fileId: row.file_id }),
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
  };
}
