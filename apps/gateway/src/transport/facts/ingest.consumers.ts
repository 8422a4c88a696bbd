import { Injectable } from '@nestjs/common';
import { decodeFact } from '@gpt4video/contracts/event-codec';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import type { FactEnvelope, Outcome } from '@gpt4video/ports/event-bus';
import type { IngestStage } from '../../core/files/file.js';
import { FileRepository, type IngestNews } from '../../core/files/file-repository.js';

const GROUP = 'gateway';

// Decorated too, because Nest reads a constructor's types from the class that declares it.
/** Writes down how far a file's ingest has come, once per fact. */
@Injectable()
abstract class IngestConsumer extends FactConsumer {
  override readonly group = GROUP;
  override readonly concurrency = 4;

  constructor(private readonly files: FileRepository) {
    super();
  }

  override async handle(fact: FactEnvelope): Promise<Outcome> {
    const applied = await this.files.apply(this.newsOf(fact), { consumer: `${GROUP}:${this.topic}`, eventId: fact.id });
    return applied ? 'done' : 'skipped';
  }

  protected abstract newsOf(fact: FactEnvelope): IngestNews;
}

/** `frames.extracted`: the frames are there. */
@Injectable()
export class FramesExtractedConsumer extends IngestConsumer {
  override readonly topic = 'frames.extracted';

  protected override newsOf(fact: FactEnvelope): IngestNews {
    return { fileId: decodeFact(this.topic, fact).fileId, changes: { frames: { status: 'done' } } };
  }
}

/** `features.encoded`: the patch features are there. */
@Injectable()
export class FeaturesEncodedConsumer extends IngestConsumer {
  override readonly topic = 'features.encoded';

  protected override newsOf(fact: FactEnvelope): IngestNews {
    return { fileId: decodeFact(this.topic, fact).fileId, changes: { features: { status: 'done' } } };
  }
}

/** `video.understood`: the visual tokens are there. */
@Injectable()
export class VideoUnderstoodConsumer extends IngestConsumer {
  override readonly topic = 'video.understood';

  protected override newsOf(fact: FactEnvelope): IngestNews {
    return { fileId: decodeFact(this.topic, fact).fileId, changes: { tokens: { status: 'done' } } };
  }
}

/** `video.screened`: the verdict is there. */
@Injectable()
export class VideoScreenedConsumer extends IngestConsumer {
  override readonly topic = 'video.screened';

  protected override newsOf(fact: FactEnvelope): IngestNews {
    const { fileId, allowed, category, score } = decodeFact(this.topic, fact);
    const blocked = { status: 'failed', code: 'content_blocked', message: `The video was declined by the safety policy (${category}); upload another.` } as const;
    return { fileId, changes: { screening: allowed ? { status: 'done' } : blocked }, verdict: { allowed, category, score } };
  }
}

/** The ingest stage that each service works at. */
const STAGE_OF: Readonly<Record<string, IngestStage>> = { 'frame-extractor': 'frames', 'clip-encoder': 'features', abstractor: 'tokens', safety: 'screening' };

/** `video.rejected`: a stage gave up for good. */
@Injectable()
export class VideoRejectedConsumer extends IngestConsumer {
  override readonly topic = 'video.rejected';

  protected override newsOf(fact: FactEnvelope): IngestNews {
    const { fileId, stage, code, message } = decodeFact(this.topic, fact);
    return { fileId, changes: { [STAGE_OF[stage] ?? 'frames']: { status: 'failed', code, message } } };
  }
}
