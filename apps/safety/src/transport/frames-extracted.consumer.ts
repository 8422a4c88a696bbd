import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { ScreenVideoService } from '../core/screen-video.service.js';
import { Guardrail } from './guardrail.js';
import { extractionOf, videoScreened } from './safety.mapper.js';

/** Screens every video as soon as its frames are there. */
@Injectable()
export class FramesExtractedConsumer extends FactConsumer {
  override readonly topic = 'frames.extracted' as const;
  override readonly group = 'safety';

  constructor(
    private readonly videos: ScreenVideoService,
    private readonly guardrail: Guardrail,
    private readonly facts: FactPublisher,
  ) {
    super();
  }

  override async handle(fact: FactEnvelope, signal: AbortSignal): Promise<Outcome> {
    const { fileId, video, frames, own } = extractionOf(decodeFact(this.topic, fact));
    const screen = () => this.videos.screen(video, signal, { frames, own });
    const { verdict } = await this.guardrail.run({ kind: 'video', stage: 'input', screen, verdictsOf: (answer) => [answer.verdict] });
    await this.facts.publish('video.screened', videoScreened(fileId, video, verdict), { cause: fact.id });
    return 'done';
  }
}
