export const CHAT = '/v1/chat/completions';

/** What screening says of one side of a turn. */
export interface Said {
  readonly results: { readonly flagged: boolean; readonly category: string; readonly stage: string; readonly policy_version: string }[];
}

/** A chunk of a streamed answer. */
export interface Chunk {
  readonly error?: { readonly code: string };
  readonly choices?: { readonly delta: { readonly content?: string; readonly role?: string; readonly videos?: { readonly id: string; readonly status: string; readonly progress: number }[] }; readonly finish_reason: string | null }[];
  readonly usage?: { readonly prompt_tokens: number };
  readonly moderation?: { readonly input: Said; readonly output?: Said };
}

/** A whole answer. */
export interface Completion {
  readonly choices: { readonly message: { readonly content: string; readonly videos?: { readonly id: string; readonly caption: string; readonly index: number; readonly status: string }[] }; readonly finish_reason: string }[];
  readonly usage: Record<string, unknown>;
  readonly moderation: Chunk['moderation'];
}

/** The payloads of an event stream, and what stood between them. */
export async function read(response: Response): Promise<{ chunks: Chunk[]; raw: string }> {
  const raw = await response.text();
  const data = raw.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
  return { chunks: data.filter((each) => each !== '[DONE]').map((each) => JSON.parse(each) as Chunk), raw };
}

/** The words of the chunks. */
export const textOf = (chunks: readonly Chunk[]): string => chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join('');

/** A request with one message. */
export const ask = (content: unknown, extra: object = {}): object => ({ messages: [{ role: 'user', content }], ...extra });
