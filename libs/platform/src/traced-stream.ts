import { type OpenSpan, openSpan, type SpanStart } from './tracing.js';

/** Streams `pieces` under a span of their own, which ends with the last piece, the first error, or the reader's leaving. */
export async function* tracedStream<Piece>(name: string, start: SpanStart, pieces: (span: OpenSpan) => AsyncIterable<Piece>): AsyncGenerator<Piece, void, undefined> {
  const span = openSpan(name, start);
  const source = span.run(() => pieces(span)[Symbol.asyncIterator]());
  let left = true;
  try {
    // A generator's body runs in the context of whoever calls next().
    for (let next = await span.run(() => source.next()); next.done !== true; next = await span.run(() => source.next())) yield next.value;
    left = false;
  } catch (thrown) {
    left = false;
    span.fail(thrown);
    throw thrown;
  } finally {
    if (left) {
      span.set({ 'error.type': 'cancelled' });
      await span.run(() => source.return?.());
    }
    span.end();
  }
}
