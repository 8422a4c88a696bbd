import type { FinishedSpan } from '@gpt4video/ports/finished-span';
import type { GenerationFacts } from './operations-board.js';

/** One piece of work within a request. */
export interface WaterfallSpan {
  readonly name: string;
  /** Service that did it. */
  readonly service: string;
  /** How deep it lies within others, from 0. */
  readonly depth: number;
  /** Milliseconds from the beginning of the request. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Spans beyond these are left out, the shortest first. */
const MOST = 30;

/** The spans of a trace in the order of a tree: each under the one that it belongs to. */
export function waterfallOf(spans: readonly FinishedSpan[]): readonly WaterfallSpan[] {
  const kept = spans.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MOST).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const ids = new Set(kept.map(({ id }) => id));
  const begin = kept[0]?.startedAtMs ?? 0;
  const under = (parent: string | undefined, depth: number): WaterfallSpan[] =>
    kept
      .filter(({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : undefined) === parent)
      .flatMap(({ id, name, service, startedAtMs, durationMs, failed }) => [{ name, service, depth, startMs: startedAtMs - begin, durationMs, failed }, ...under(id, depth + 1)]);
  return under(undefined, 0);
}

/** What is written down of a generation: its wait, and the stages of its last attempt, which follow one another up to its end. */
export function waterfallOfGeneration({ createdAtMs, startedAtMs, endedAtMs, stageMs, status }: GenerationFacts): readonly WaterfallSpan[] {
  const failed = status === 'failed';
  if (startedAtMs === null) return [];
  const waited: WaterfallSpan = { name: 'waiting', service: 'gateway', depth: 0, startMs: 0, durationMs: Math.max(0, startedAtMs - createdAtMs), failed: false };
  if (endedAtMs === null) return [waited];
  const filming: WaterfallSpan = { name: 'filming', service: 'video-generator', depth: 0, startMs: waited.durationMs, durationMs: endedAtMs - startedAtMs, failed };
  let at = endedAtMs - createdAtMs - stageMs.reduce((sum, [, ms]) => sum + ms, 0);
  const stages = stageMs.map(([name, durationMs]): WaterfallSpan => {
    const span = { name, service: 'video-generator', depth: 1, startMs: Math.max(0, at), durationMs, failed: false };
    at += durationMs;
    return span;
  });
  return [waited, filming, ...stages];
}
