import { ApiError, call } from './client';
import type { AnswerEvent, ApiFilmNote, ApiMessage } from './types';

interface Chunk {
  readonly error?: { readonly code: string; readonly message: string };
  readonly choices?: readonly { readonly delta: { readonly content?: string; readonly videos?: readonly ApiFilmNote[] }; readonly finish_reason: string | null }[];
}

/** Asks for the next answer and yields it as it is written; aborting stops the model too. */
export async function* streamAnswer(messages: readonly ApiMessage[], signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const body = JSON.stringify({ model: 'cartoon', stream: true, messages });
  const response = await call('/v1/chat/completions', { method: 'POST', body, signal, headers: { 'content-type': 'application/json' } });
  if (response.body === null) throw new ApiError(response.status, 'empty', 'The server sent no answer.');
  for await (const data of readEvents(response.body)) {
    if (data === '[DONE]') return;
    yield* eventsOf(JSON.parse(data) as Chunk);
  }
}

function* eventsOf(chunk: Chunk): Generator<AnswerEvent> {
  if (chunk.error !== undefined) throw new ApiError(200, chunk.error.code, chunk.error.message);
  const choice = chunk.choices?.[0];
  if (choice === undefined) return;
  if (choice.delta.content) yield { kind: 'text', text: choice.delta.content };
  if (choice.delta.videos !== undefined) yield { kind: 'films', films: choice.delta.videos };
  if (choice.finish_reason !== null) yield { kind: 'finish', reason: choice.finish_reason };
}

/** The `data:` payloads of a server-sent event stream; comments such as `: ping` are skipped. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let buffer = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const events = buffer.split('\n\n');
      buffer = events.pop() ?? '';
      for (const event of events) if (event.startsWith('data: ')) yield event.slice(6);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
