import { SpanKind } from '@opentelemetry/api';
import { Injectable, Logger } from '@nestjs/common';
import { runInRequest } from '@gpt4video/platform/request-context';
import { contextOf, withSpan } from '@gpt4video/platform/tracing';
import { FilmAttemptService } from '../core/film-attempt.service.js';
import type { AttemptOutcome } from '../core/film-observer.js';
import type { Lease } from '../core/generation-queue.js';

/** Runs each attempt in the trace of the turn or job that asked for the film: the lease brings it along. */
@Injectable()
export class TracedFilmAttempt extends FilmAttemptService {
  private readonly logger = new Logger(TracedFilmAttempt.name);

  override async run(lease: Lease, shutdown: AbortSignal): Promise<AttemptOutcome> {
    const { generationId, attempt, traceparent, spec } = lease;
    const attributes = {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gpt4video',
      'gen_ai.output.type': 'video',
      'gen_ai.request.seed': spec.seed,
      'gpt4video.generation.id': generationId,
      'gpt4video.generation.attempt': attempt,
    };
    const parent = contextOf(traceparent === '' ? undefined : traceparent);
    return await withSpan('generate_content film', { kind: SpanKind.CONSUMER, service: 'video-generator', attributes, parent }, async (span) => {
      const outcome = await runInRequest({ requestId: generationId }, async () => await this.noted(lease, shutdown));
      span.set({ 'gpt4video.generation.outcome': outcome });
      return outcome;
    });
  }

  private async noted(lease: Lease, shutdown: AbortSignal): Promise<AttemptOutcome> {
    const { generationId: generation, attempt } = lease;
    this.logger.log({ message: 'filming', generation, attempt });
    const outcome = await super.run(lease, shutdown);
    this.logger.log({ message: 'filming ended', generation, attempt, outcome });
    return outcome;
  }
}
