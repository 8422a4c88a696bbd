/** What a tenant can hear of. */
export const WEBHOOK_EVENTS = ['video.completed', 'video.failed', 'file.processed'] as const;

/** One of them. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Where a tenant wants to hear of what happened. */
export interface Webhook {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** `whsec_` and the key in base64; signatures are made with it. */
  readonly secret: string;
  /** A receiver that answers 410 disables it. */
  readonly status: 'enabled' | 'disabled';
  readonly createdAtMs: number;
}

/** Something that happened to one of the tenant's objects. */
export interface Announcement {
  readonly tenantId: string;
  /** The same whenever it is told. */
  readonly eventId: string;
  readonly type: WebhookEvent;
  readonly objectId: string;
}

/** One event on its way to one receiver. */
export interface Delivery {
  readonly id: string;
  readonly webhook: Webhook;
  readonly eventId: string;
  /** JSON, the same with every attempt. */
  readonly body: string;
  /** Attempts before this one. */
  readonly attempts: number;
}
