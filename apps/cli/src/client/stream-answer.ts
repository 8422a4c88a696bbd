import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { ApiFailure, type Connection, post } from './connection.js';

/** An answer when it has ended. */
export interface Answer {
  readonly content: string;
  readonly finish_reason: string;
  readonly videos: readonly { readonly id: string; readonly caption: string }[];
}

interface Chunk {
  readonly error?: { readonly code: string; readonly message: string };
  readonly choices?: readonly { readonly delta: { readonly content?: string; readonly videos?: Answer['videos'] }; readonly finish_reason: string | null }[];
}

/** Streams the answer to one message; `tell` gets the words as they come. Throws ApiFailure when it breaks off. */
export async function answerOf(connection: Connection, content: unknown, tell: (text: string) => void): Promise<Answer> {
  const response = await post(connection, '/v1/chat/completions', { messages: [{ role: 'user', content }], stream: true });
  const answer = { content: '', finish_reason: '', videos: [] as Answer['videos'][number][] };
  if (response.body === null) throw new ApiFailure('empty', 'The answer has no body.');
  for await (const line of createInterface({ input: Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]) })) {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
    const { error, choices } = JSON.parse(line.slice(6)) as Chunk;
    if (error !== undefined) throw new ApiFailure(error.code, error.message);
    const [choice] = choices ?? [];
    const text = choice?.delta.content ?? '';
    answer.content += text;
    answer.videos.push(...(choice?.delta.videos ?? []));
    answer.finish_reason = choice?.finish_reason ?? answer.finish_reason;
    if (text !== '') tell(text);
  }
  return answer;
}
