import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { EncodeVideoService } from '../core/encode-video.service.js';
import { extractionOf, featuresEncoded } from './clip.mapper.js';

/** Encodes every video as soon as its frames are there. */
@Injectable()
export class FramesExtractedConsumer extends FactConsumer {
  override readonly topic = 'frames.extracted' as const;
  override readonly group = 'clip-encoder';

  constructor(
    private readonly encoder: EncodeVideoService,
    private readonly facts: FactPublisher,
  ) {
    super();
  }

  override async handle(fact: FactEnvelope, signal: AbortSignal): Promise<Outcome> {
    const { fileId, video, frames } = extractionOf(decodeFact(this.topic, fact));
    const features = await this.encoder.encode(video, signal, frames);
    await this.facts.publish('features.encoded', featuresEncoded(fileId, video, features), { cause: fact.id });
    return 'done';
  }
}
