import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { AbstractVideoService } from '../core/abstract-video.service.js';
import { encodingOf, videoUnderstood } from './abstractor.mapper.js';

/** Condenses every video as soon as its features are there. */
@Injectable()
export class FeaturesEncodedConsumer extends FactConsumer {
  override readonly topic = 'features.encoded' as const;
  override readonly group = 'abstractor';

  constructor(
    private readonly abstractor: AbstractVideoService,
    private readonly facts: FactPublisher,
  ) {
    super();
  }

  override async handle(fact: FactEnvelope, signal: AbortSignal): Promise<Outcome> {
    const { fileId, video, features } = encodingOf(decodeFact(this.topic, fact));
    const { artifact } = await this.abstractor.abstract(video, signal, features);
    await this.facts.publish('video.understood', videoUnderstood(fileId, video, artifact), { cause: fact.id });
    return 'done';
  }
}
