import { until } from '../../e2e/server-process.js';
import { type ExportedSpan, exportedSpans } from './exported-spans.js';

const LAST = 'the last span of the run';

/** Everything that was sent to this collector so far: it keeps the order, so that what came before a last span is written when that span is. */
export async function allSpans(collector: { readonly url: string }, file: string): Promise<readonly ExportedSpan[]> {
  const span = { traceId: '1'.repeat(32), spanId: '1'.repeat(16), name: LAST, kind: 1, startTimeUnixNano: '1', endTimeUnixNano: '2' };
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: [span] }] }] });
  await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const spans = await until(() => exportedSpans(file), (written) => written.some(({ name }) => name === LAST));
  return spans.filter(({ name }) => name !== LAST);
}
