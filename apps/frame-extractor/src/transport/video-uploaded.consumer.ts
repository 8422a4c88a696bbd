import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import { FactPublisher } from '@gpt4video/platform/fact-publisher';
import type { AssetRef } from '@gpt4video/ports/asset-ref';
import { isDomainError, type DomainError } from '@gpt4video/ports/errors';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import { ExtractFramesService } from '../core/extract-frames.service.js';
import type { FrameSet } from '../core/frame-set.js';
import { framesExtracted, uploadOf, videoRejected } from './frames.mapper.js';

// The file itself is at fault: no attempt will find another one.
const REJECTIONS: ReadonlySet<string> = new Set(['invalid_video', 'unsupported_media', 'video_too_long', 'video_too_large']);

/** Samples frames of every uploaded video; says so, or why it never will. */
@Injectable()
export class VideoUploadedConsumer extends FactConsumer {
  override readonly topic = 'video.uploaded' as const;
  override readonly group = 'frame-extractor';

  constructor(
    private readonly frames: ExtractFramesService,
    private readonly facts: FactPublisher,
  ) {
    super();
  }

  override async handle(fact: FactEnvelope, signal: AbortSignal): Promise<Outcome> {
    const upload = uploadOf(decodeFact(this.topic, fact));
    const result = await this.attempt(upload.video, signal);
    if ('fault' in result) await this.facts.publish('video.rejected', videoRejected(upload, result.fault), { cause: fact.id });
    else await this.facts.publish('frames.extracted', framesExtracted(upload, result.set), { cause: fact.id });
    return 'done';
  }

  private async attempt(video: AssetRef, signal: AbortSignal): Promise<{ readonly set: FrameSet } | { readonly fault: DomainError }> {
    try {
      return { set: await this.frames.extract(video, signal) };
    } catch (error) {
      if (isDomainError(error) && REJECTIONS.has(error.code)) return { fault: error };
      throw error;
    }
  }
}
