import { Injectable } from '@nestjs/common';
import { FactConsumer } from '@gpt4video/platform/fact-consumer';
import type { Outcome } from '@gpt4video/ports/event-bus';
import { FilmWorker } from '../core/film-worker.js';

/** Wakes the idle worker. The queue itself tells what to film, so a lost or repeated fact does no harm. */
@Injectable()
export class GenerationQueuedConsumer extends FactConsumer {
  override readonly topic = 'generation.queued' as const;
  override readonly group = 'video-generator';

  constructor(private readonly worker: FilmWorker) {
    super();
  }

  override handle(): Promise<Outcome> {
    this.worker.wake();
    return Promise.resolve('done');
  }
}
