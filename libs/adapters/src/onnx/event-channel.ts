/** Events pushed on one side, pulled on the other, in order. For streams whose length is bounded by their nature. */
export class EventChannel<Event> implements AsyncIterable<Event> {
  readonly #events: Event[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  push(event: Event): void {
    this.#events.push(event);
    this.#wake();
  }

  /** Lets the reader end after the events pushed so far. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Lets the reader throw after the events pushed so far. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
