/** A source that is being read already. */
export interface Pulled<Event> {
  /** Settles when the first event is there, or failed. */
  readonly first: Promise<unknown>;
  /** The first event and the rest. */
  readonly events: AsyncIterable<Event>;
}

/** Asks for the first event at once. */
export function startPulling<Event>(source: AsyncIterable<Event>): Pulled<Event> {
  const iterator = source[Symbol.asyncIterator]();
  const first = iterator.next();
  // Nobody may look at it, as when the turn is declined meanwhile.
  first.catch(() => undefined);
  async function* events(): AsyncGenerator<Event> {
    try {
      for (let step = await first; step.done !== true; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { first, events: events() };
}
