import type { FinishedSpan } from '@gpt4video/ports/finished-span';
import type { z } from 'zod';
import type { GenerationFacts, StageState } from '../../core/operations/operations-board.js';
import { waterfallOf, waterfallOfGeneration } from '../../core/operations/waterfall.js';
import type { generationTrace, overview } from './admin.schema.js';

type Overview = z.output<typeof overview>;

export function toStage({ name, waiting, oldestMs, inHand, perMinute }: StageState): Overview['stages'][number] {
  return { name, waiting, oldest_ms: oldestMs, in_hand: inHand, per_minute: perMinute };
}

export function toGenerationFacts(facts: GenerationFacts): Overview['generations'][number] {
  return {
    id: facts.id,
    tenant_id: facts.tenantId,
    status: facts.status,
    model: facts.model,
    bundle_revision: facts.bundleRevision,
    attempts: facts.attempt,
    worker: facts.worker,
    error_code: facts.errorCode,
    created_at_ms: facts.createdAtMs,
    started_at_ms: facts.startedAtMs,
    ended_at_ms: facts.endedAtMs,
    trace_id: traceIdOf(facts.traceparent),
  };
}

/** The request as a waterfall: from the spans that this process has seen of the film's making, else from its row. */
export function toTrace(facts: GenerationFacts, seen: readonly FinishedSpan[]): z.output<typeof generationTrace> {
  const complete = seen.some(({ service }) => service === 'video-generator');
  const spans = complete ? waterfallOf(seen) : waterfallOfGeneration(facts);
  return {
    object: 'generation.trace',
    id: facts.id,
    trace_id: traceIdOf(facts.traceparent),
    source: complete ? 'spans' : 'row',
    spans: spans.map(({ name, service, depth, startMs, durationMs, failed }) => ({ name, service, depth, start_ms: startMs, duration_ms: durationMs, failed })),
  };
}

/** The trace's id within a W3C `traceparent`. */
export function traceIdOf(traceparent: string): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1] ?? null;
}
