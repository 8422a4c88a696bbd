import type { Random } from '@gpt4video/model/random/random';
import { type Client, pause } from './client.js';
import type { History } from './history.js';

/** Follows one film's events to their end, hanging up now and then and going on where it was, and writes down what it saw. */
export async function followEvents(client: Client, id: string, history: History, random: Random, stopped: AbortSignal): Promise<void> {
  let after = 0;
  for (let connection = 1; !stopped.aborted; connection += 1) {
    const patience = AbortSignal.any([AbortSignal.timeout(500 + (random.uint32() % 4_000)), stopped]);
    const stream = `${id} #${connection}`;
    try {
      const response = await client.open(`/v1/videos/${id}/events`, { headers: after === 0 ? {} : { 'last-event-id': String(after) }, signal: patience });
      if (response.status !== 200 || response.body === null) throw new Error('not now');
      const start = after;
      for await (const { sequence, type, data } of eventsOf(response.body)) {
        history.add({ kind: 'stream-event', id, stream, after: start, sequence, data });
        after = sequence;
        if (type === 'completed' || type === 'failed' || type === 'cancelled') return;
      }
    } catch {
      await pause(200);
    }
  }
}

interface ServerSentEvent {
  readonly sequence: number;
  readonly type: string;
  readonly data: string;
}

/** The events of a stream; one that was cut off in its middle is dropped, as the specification says. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('id') !== '') yield { sequence: Number(field('id')), type: field('event'), data: field('data') };
    }
  }
}
