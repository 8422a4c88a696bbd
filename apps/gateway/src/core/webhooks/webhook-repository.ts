import type { Announcement, Delivery, Webhook } from './webhook.js';

/** What becomes of a delivery after an attempt. */
export type DeliveryEnd = { readonly kind: 'delivered' } | { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'given_up' } | { readonly kind: 'gone' };

/** Webhooks of tenants and what is on its way to them, as rows: nothing is lost with a process. */
export abstract class WebhookRepository {
  abstract add(webhook: Webhook): Promise<void>;

  /** The oldest first. */
  abstract list(tenantId: string): Promise<readonly Webhook[]>;

  abstract find(tenantId: string, id: string): Promise<Webhook | undefined>;

  /** False when the tenant has none of that id. */
  abstract remove(tenantId: string, id: string): Promise<boolean>;

  /** Queues the event for every enabled webhook of the tenant that asked for it, once. */
  abstract announce(announcement: Announcement): Promise<void>;

  /** Takes deliveries that are due, for `holdMs`: a process that dies gives them back. */
  abstract claim(limit: number, holdMs: number): Promise<readonly Delivery[]>;

  /** Notes how an attempt ended; `gone` disables the webhook and gives up all that waits for it. */
  abstract settle(delivery: Delivery, end: DeliveryEnd, answer: string): Promise<void>;
}
