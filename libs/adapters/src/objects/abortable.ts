/**
 * The same chunks, one at a time, until the signal aborts: then whoever waits for one gets the signal's reason at once, even when the
 * source never gives another. The source is told to end and is not waited for.
 */
export async function* abortable<Chunk>(source: AsyncIterable<Chunk>, signal: AbortSignal): AsyncGenerator<Chunk> {
  const chunks = source[Symbol.asyncIterator]();
  let abort: () => void = () => undefined;
  const heard = (): void => abort();
  signal.addEventListener('abort', heard);
  try {
    for (;;) {
      signal.throwIfAborted();
      // A promise of its own for each chunk: one that all race against would remember every one of them.
      const step = await new Promise<IteratorResult<Chunk>>((resolve, reject) => {
        abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        chunks.next().then(resolve, reject);
      });
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', heard);
    void chunks.return?.().catch(() => undefined);
  }
}
