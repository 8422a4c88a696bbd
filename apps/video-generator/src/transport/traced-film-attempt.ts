import { context, SpanKind } from '@opentelemetry/api';
import { Injectable } from '@nestjs/common';
import { runInRequest } from '@gpt4video/platform/request-context';
import { contextOf, openSpan } from '@gpt4video/platform/tracing';
import { FilmAttemptService } from '../core/film-attempt.service.js';
import type { AttemptOutcome } from '../core/film-observer.js';
import type { Lease } from '../core/generation-queue.js';

/** Runs each attempt in the trace of the turn or job that asked for the film. */
@Injectable()
export class TracedFilmAttempt extends FilmAttemptService {
  override async run(lease: Lease, shutdown: AbortSignal): Promise<AttemptOutcome> {
    const { generationId, attempt, traceparent } = lease;
    const attributes = { 'gpt4video.generation.id': generationId, 'gpt4video.generation.attempt': attempt };
    const { span, within } = openSpan('film', { kind: SpanKind.CONSUMER, attributes }, contextOf(traceparent === '' ? undefined : traceparent));
    try {
      const outcome = await context.with(within, async () => await runInRequest({ requestId: generationId }, async () => await super.run(lease, shutdown)));
      span.setAttribute('gpt4video.generation.outcome', outcome);
      return outcome;
    } finally {
      span.end();
    }
  }
}
