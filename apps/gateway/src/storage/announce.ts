import { type Kysely, sql } from 'kysely';
import type { Announcement } from '../core/webhooks/webhook.js';
import type { Schema } from './schema.js';

/** Queues an event for every webhook that asked for it, within the caller's transaction if it has one. Telling it again changes nothing. */
export async function announce(database: Kysely<Schema>, { tenantId, eventId, type, objectId }: Announcement): Promise<void> {
  await sql`
    insert into webhook_deliveries (webhook_id, event_id, type, body)
    select id, ${eventId}, ${type}, jsonb_build_object(
      'id', ${eventId}::text, 'object', 'event', 'type', ${type}::text, 'created_at', floor(extract(epoch from clock_timestamp()))::bigint, 'data', jsonb_build_object('id', ${objectId}::text))
    from webhooks where tenant_id = ${tenantId} and status = 'enabled' and ${type} = any(events)
    on conflict (webhook_id, event_id) do nothing`.execute(database);
}
