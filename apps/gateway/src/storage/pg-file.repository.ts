import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { type FileStatus, type StoredFile, statusOf } from '../core/files/file.js';
import { type Cause, FileRepository, type IngestNews } from '../core/files/file-repository.js';
import type { Page, PageRequest } from '../core/page.js';
import { ownThresholds } from '../core/tenants/tenant.js';
import { GatewayDatabase } from './gateway-database.js';
import { announce } from './announce.js';
import { admitOnce } from './inbox.js';
import { behindCursor, toPage } from './listing.js';
import { OutboxWriter } from './outbox-writer.js';
import type { Schema } from './schema.js';

/** Files in Postgres. */
@Injectable()
export class PgFileRepository extends FileRepository {
  constructor(
    private readonly database: GatewayDatabase,
    private readonly outbox: OutboxWriter,
  ) {
    super();
  }

  override async add(file: StoredFile): Promise<StoredFile> {
    const stored = await this.database.transaction(async (tx) => {
      const inserted = await tx.insertInto('files').values(toRow(file)).onConflict((conflict) => conflict.column('id').doNothing()).returning('id').executeTakeFirst();
      if (inserted === undefined) return toFile(await tx.selectFrom('files').selectAll().where('id', '=', file.id).executeTakeFirstOrThrow());
      const { safety } = await tx.selectFrom('tenants').select('safety').where('id', '=', file.tenantId).executeTakeFirstOrThrow();
      await this.outbox.write(tx, [{ topic: 'video.uploaded', fileId: file.id, video: file.asset, own: safety === null ? undefined : ownThresholds(safety) }]);
      return file;
    });
    this.outbox.committed();
    return stored;
  }

  override async find(tenantId: string, id: string): Promise<StoredFile | undefined> {
    const row = await this.database.kysely.selectFrom('files').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst();
    return row && toFile(row);
  }

  override async findByDigest(tenantId: string, sha256: string): Promise<StoredFile | undefined> {
    const query = this.database.kysely.selectFrom('files').selectAll().where('tenant_id', '=', tenantId).where('sha256', '=', sha256).where('status', '<>', 'error');
    const row = await query.orderBy('created_at').limit(1).executeTakeFirst();
    return row && toFile(row);
  }

  override async list(tenantId: string, page: PageRequest): Promise<Page<StoredFile>> {
    const query = this.database.kysely.selectFrom('files').selectAll().where('tenant_id', '=', tenantId).where(behindCursor('files', tenantId, page));
    const rows = await query.orderBy('created_at', page.order).orderBy('id', page.order).limit(page.limit + 1).execute();
    return toPage(rows.map(toFile), page);
  }

  override async remove(tenantId: string, id: string): Promise<StoredFile | undefined> {
    const row = await this.database.kysely.deleteFrom('files').where('tenant_id', '=', tenantId).where('id', '=', id).returningAll().executeTakeFirst();
    return row && toFile(row);
  }

  override apply({ fileId, changes, verdict }: IngestNews, cause: Cause): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await admitOnce(tx, cause))) return false;
      const row = await tx.selectFrom('files').selectAll().where('id', '=', fileId).forUpdate().executeTakeFirst();
      if (row === undefined) return false;
      const stages = { ...row.status_details, ...changes };
      const settled = statusOf(stages);
      await tx
        .updateTable('files')
        .set({ status: settled, status_details: JSON.stringify(stages), ...(verdict === undefined ? {} : { verdict: JSON.stringify(verdict) }) })
        .where('id', '=', fileId)
        .execute();
      // Stages that report after a failure come here again; telling it again changes nothing.
      if (settled === 'processed' || settled === 'error') await announce(tx, { tenantId: row.tenant_id, eventId: `evt_${fileId}`, type: 'file.processed', objectId: fileId });
      return true;
    });
  }
}

function toRow(file: StoredFile) {
  return {
    id: file.id,
    tenant_id: file.tenantId,
    filename: file.filename,
    purpose: file.purpose,
    asset: JSON.stringify(file.asset),
    sha256: file.asset.sha256,
    status: file.status,
    status_details: JSON.stringify(file.stages),
    frames: JSON.stringify(file.frames),
    verdict: file.verdict === undefined ? null : JSON.stringify(file.verdict),
    created_at: new Date(file.createdAtMs),
    expires_at: file.expiresAtMs === undefined ? null : new Date(file.expiresAtMs),
  };
}

function toFile(row: Selectable<Schema['files']>): StoredFile {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    filename: row.filename,
    purpose: row.purpose,
    asset: row.asset,
    status: row.status as FileStatus,
    stages: row.status_details,
    frames: row.frames,
    createdAtMs: row.created_at.getTime(),
    ...(row.verdict === null ? {} : { verdict: row.verdict }),
    ...(row.expires_at === null ? {} : { expiresAtMs: row.expires_at.getTime() }),
  };
}
