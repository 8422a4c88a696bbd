import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@gpt4video/ports/clock';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import { newId } from '../new-id.js';
import { RemoteFetch } from '../remote/remote-fetch.js';
import type { Webhook, WebhookEvent } from './webhook.js';
import { WebhookRepository } from './webhook-repository.js';

/** Most webhooks of a tenant. */
const MOST = 16;

/** Webhooks as their tenants keep them. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly remote: RemoteFetch,
    private readonly clock: Clock,
  ) {}

  /** Throws `invalid_request` for a URL that would never be reached, `conflict` when there are too many. */
  async add(tenantId: string, url: string, events: readonly WebhookEvent[]): Promise<Webhook> {
    try {
      this.remote.check(url);
    } catch (error) {
      throw isDomainError(error) ? new DomainError('invalid_request', error.message, { param: 'url', cause: error }) : error;
    }
    if ((await this.webhooks.list(tenantId)).length >= MOST) throw new DomainError('conflict', `You have ${MOST} webhooks, the most for one tenant; delete one.`);
    const webhook: Webhook = { id: newId('webhook'), tenantId, url, events, secret: `whsec_${randomBytes(24).toString('base64')}`, status: 'enabled', createdAtMs: this.clock.now() };
    await this.webhooks.add(webhook);
    return webhook;
  }

  list(tenantId: string): Promise<readonly Webhook[]> {
    return this.webhooks.list(tenantId);
  }

  /** Throws `not_found`. */
  async get(tenantId: string, id: string): Promise<Webhook> {
    const webhook = await this.webhooks.find(tenantId, id);
    if (webhook === undefined) throw missing(id);
    return webhook;
  }

  /** Removes it with all that waits for it. Throws `not_found`. */
  async remove(tenantId: string, id: string): Promise<void> {
    if (!(await this.webhooks.remove(tenantId, id))) throw missing(id);
  }
}

function missing(id: string): DomainError {
  return new DomainError('not_found', `No webhook "${id}"; list yours with GET /v1/webhooks.`);
}
