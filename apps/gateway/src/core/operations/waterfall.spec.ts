import type { GenerationFacts } from './operations-board.js';
import type { FinishedSpan } from '@gpt4video/ports/finished-span';
import { waterfallOf, waterfallOfGeneration } from './waterfall.js';

const span = (id: string, parentId: string | undefined, startedAtMs: number, durationMs: number): FinishedSpan => ({ id, parentId, name: id, service: 's', startedAtMs, durationMs, failed: false });

describe('a waterfall', () => {
  it('lies each span under its parent, from the beginning of the request', () => {
    const spans = [span('film', 'chat', 1_300, 500), span('chat', undefined, 1_000, 200), span('see', 'chat', 1_010, 90), span('decode', 'see', 1_020, 10)];
    expect(waterfallOf(spans).map(({ name, depth, startMs }) => [name, depth, startMs])).toEqual([['chat', 0, 0], ['see', 1, 10], ['decode', 2, 20], ['film', 1, 300]]);
  });

  it('shows a span whose parent was not seen, and leaves out the shortest of too many', () => {
    expect(waterfallOf([span('late', 'elsewhere', 5, 1)]).map(({ depth }) => depth)).toEqual([0]);
    const steps = Array.from({ length: 200 }, (_, index) => span(`s${index}`, 'chat', 10 + index, index));
    const shown = waterfallOf([span('chat', undefined, 0, 1_000), ...steps]);
    expect([shown.length, shown[0]?.name, shown.some(({ name }) => name === 's10')]).toEqual([30, 'chat', false]);
  });

  it('places the stages of the last attempt before the end, whatever came before', () => {
    const facts: GenerationFacts = { id: 'v', tenantId: 't', status: 'completed', model: 'm', bundleRevision: 'r', attempt: 2, worker: 'w', errorCode: null, createdAtMs: 0, startedAtMs: 100, endedAtMs: 1_000, traceparent: '', stageMs: [['denoise', 300], ['store', 50]] };
    expect(waterfallOfGeneration(facts).map(({ name, startMs, durationMs }) => [name, startMs, durationMs])).toEqual([['waiting', 0, 100], ['filming', 100, 900], ['denoise', 650, 300], ['store', 950, 50]]);
    expect(waterfallOfGeneration({ ...facts, startedAtMs: null, endedAtMs: null })).toEqual([]);
  });
});
