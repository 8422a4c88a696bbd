import type { ExportedSpan } from './exported-spans.js';

/** Who reached whom in these spans, and how, in the words of the table. Throws when a span names a parent that nobody exported. */
export function edgesOf(spans: readonly ExportedSpan[], outside: string): readonly string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const edges = spans.flatMap((span) => {
    if (span.parentSpanId === '' || span.parentSpanId === outside) return [];
    const parent = byId.get(span.parentSpanId);
    if (parent === undefined) throw new Error(`the parent of ${span.service}'s "${span.name}" was not exported`);
    return parent.service === span.service ? [] : [`${parent.service} → ${span.service}: ${wayOf(span)}`];
  });
  return [...new Set(edges)].toSorted();
}

function wayOf({ name }: ExportedSpan): string {
  if (name.startsWith('process ')) return name.slice('process '.length);
  if (name === 'generate_content film') return 'lease';
  // gpt4video.clip.v1.ClipService/EncodeVideo
  return name.replace(/^gpt4video\.\w+\.v\d+\./, '');
}
