import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Drain } from '@gpt4video/platform/drain';
import { Logger } from '@gpt4video/platform/logging';
import { toDomainError } from '@gpt4video/ports/errors';
import { randomInt } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import { RemoteFetch } from '../core/remote/remote-fetch.js';
import { waitAfter } from '../core/webhooks/delivery-schedule.js';
import type { Delivery } from '../core/webhooks/webhook.js';
import { type DeliveryEnd, WebhookRepository } from '../core/webhooks/webhook-repository.js';

const LOOK_MS = 500;
const AT_ONCE = 8;
/** Milliseconds that a receiver has to answer; a claim is held for twice as long. */
const ANSWER_MS = 20_000;

/** Carries events to webhooks: signed as Standard Webhooks says, tried again over days, ended by 410. */
@Injectable()
export class WebhookDeliverer implements OnApplicationBootstrap {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly remote: RemoteFetch,
    private readonly drain: Drain,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => {
      this.running = this.running.then(() => this.deliverDue()).catch((err: unknown) => this.logger.warn('webhooks could not be looked at; it is tried again', { err }));
    }, LOOK_MS);
    timer.unref();
    this.drain.add('work', 'webhooks', async () => {
      clearInterval(timer);
      this.stopping.abort();
      await this.running;
    });
  }

  private async deliverDue(): Promise<void> {
    for (let due = await this.webhooks.claim(AT_ONCE, 2 * ANSWER_MS); due.length > 0 && !this.stopping.signal.aborted; due = await this.webhooks.claim(AT_ONCE, 2 * ANSWER_MS)) {
      await Promise.all(due.map((delivery) => this.deliver(delivery)));
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { end, answer } = await this.attempt(delivery);
    await this.webhooks.settle(delivery, end, answer);
    if (end.kind === 'gone' || end.kind === 'given_up') this.logger.info('a webhook was given up', { webhook: delivery.webhook.id, event: delivery.eventId, answer });
  }

  private async attempt({ webhook, eventId, body, attempts }: Delivery): Promise<{ end: DeliveryEnd; answer: string }> {
    const wait = waitAfter(attempts + 1, randomInt(1_000) / 1_000);
    const later: DeliveryEnd = wait === undefined ? { kind: 'given_up' } : { kind: 'again', afterMs: wait };
    try {
      // Signed anew with every attempt, because receivers refuse old timestamps.
      const at = new Date();
      const signature = new Signer(webhook.secret).sign(eventId, at, body);
      const headers = { 'content-type': 'application/json', 'user-agent': 'gpt4video', 'webhook-id': eventId, 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)), 'webhook-signature': signature };
      const { status } = await this.remote.post(webhook.url, headers, body, AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ANSWER_MS)]));
      if (status >= 200 && status < 300) return { end: { kind: 'delivered' }, answer: String(status) };
      return { end: status === 410 ? { kind: 'gone' } : later, answer: String(status) };
    } catch (thrown) {
      return { end: later, answer: toDomainError(thrown).code };
    }
  }
}
