import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** The events of a server-sent event stream, in order. Throws when the connection breaks; ends when the server closes it. */
export async function* readEvents({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void waiting.push(event) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
