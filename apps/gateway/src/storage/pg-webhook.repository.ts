import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { Announcement, Delivery, Webhook, WebhookEvent } from '../core/webhooks/webhook.js';
import { type DeliveryEnd, WebhookRepository } from '../core/webhooks/webhook-repository.js';
import { announce } from './announce.js';
import { GatewayDatabase } from './gateway-database.js';
import type { Schema } from './schema.js';

/** Webhooks and deliveries in Postgres; all times are the database's. */
@Injectable()
export class PgWebhookRepository extends WebhookRepository {
  constructor(private readonly database: GatewayDatabase) {
    super();
  }

  override async add({ id, tenantId, url, events, secret, status, createdAtMs }: Webhook): Promise<void> {
    await this.database.kysely.insertInto('webhooks').values({ id, tenant_id: tenantId, url, events: [...events], secret, status, created_at: new Date(createdAtMs) }).execute();
  }

  override async list(tenantId: string): Promise<readonly Webhook[]> {
    return (await this.database.kysely.selectFrom('webhooks').selectAll().where('tenant_id', '=', tenantId).orderBy('created_at').orderBy('id').execute()).map(toWebhook);
  }

  override async find(tenantId: string, id: string): Promise<Webhook | undefined> {
    const row = await this.database.kysely.selectFrom('webhooks').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst();
    return row && toWebhook(row);
  }

  override async remove(tenantId: string, id: string): Promise<boolean> {
    return (await this.database.kysely.deleteFrom('webhooks').where('tenant_id', '=', tenantId).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined;
  }

  override announce(announcement: Announcement): Promise<void> {
    return announce(this.database.kysely, announcement);
  }

  override async claim(limit: number, holdMs: number): Promise<readonly Delivery[]> {
    const { rows } = await sql<Selectable<Schema['webhooks']> & { delivery_id: string; event_id: string; body: object; attempts: number }>`
      update webhook_deliveries d set next_at = clock_timestamp() + make_interval(secs => ${holdMs / 1_000})
      from webhooks w
      where w.id = d.webhook_id and d.id in (
        select id from webhook_deliveries where status = 'waiting' and next_at <= clock_timestamp() order by next_at limit ${limit} for update skip locked
      )
      returning w.*, d.id as delivery_id, d.event_id, d.body, d.attempts`.execute(this.database.kysely);
    return rows.map((row) => ({ id: row.delivery_id, webhook: toWebhook(row), eventId: row.event_id, body: JSON.stringify(row.body), attempts: row.attempts }));
  }

  override async settle({ id, webhook }: Delivery, end: DeliveryEnd, answer: string): Promise<void> {
    const status = end.kind === 'again' ? 'waiting' : end.kind === 'delivered' ? 'delivered' : 'given_up';
    const nextAt = end.kind === 'again' ? { next_at: sql<Date>`clock_timestamp() + make_interval(secs => ${end.afterMs / 1_000})` } : {};
    const deliveredAt = end.kind === 'delivered' ? { delivered_at: sql<Date>`clock_timestamp()` } : {};
    await this.database.transaction(async (tx) => {
      await tx.updateTable('webhook_deliveries').set({ status, last_answer: answer, attempts: sql<number>`attempts + 1`, ...nextAt, ...deliveredAt }).where('id', '=', id).execute();
      if (end.kind !== 'gone') return;
      await tx.updateTable('webhooks').set({ status: 'disabled' }).where('id', '=', webhook.id).execute();
      await tx.updateTable('webhook_deliveries').set({ status: 'given_up' }).where('webhook_id', '=', webhook.id).where('status', '=', 'waiting').execute();
    });
  }
}

function toWebhook(row: Selectable<Schema['webhooks']>): Webhook {
  return { id: row.id, tenantId: row.tenant_id, url: row.url, events: row.events as WebhookEvent[], secret: row.secret, status: row.status, createdAtMs: row.created_at.getTime() };
}
