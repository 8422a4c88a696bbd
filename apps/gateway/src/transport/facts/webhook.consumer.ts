import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { GenerationOwners } from '../../core/webhooks/generation-owners.js';
import { WebhookRepository } from '../../core/webhooks/webhook-repository.js';

/** `generation.finished`: tells the webhooks of the film's tenant. */
@Injectable()
export class GenerationFinishedConsumer extends FactConsumer {
  override readonly topic = 'generation.finished';
  override readonly group = 'gateway';
  override readonly concurrency = 4;

  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly owners: GenerationOwners,
  ) {
    super();
  }

  override async handle(fact: FactEnvelope): Promise<Outcome> {
    const { generationId, status } = decodeFact(this.topic, fact);
    const tenantId = await this.owners.ownerOf(generationId);
    if (tenantId === undefined) return 'skipped';
    await this.webhooks.announce({ tenantId, eventId: `evt_${fact.id}`, type: status === 'completed' ? 'video.completed' : 'video.failed', objectId: generationId });
    return 'done';
  }
}
