/** A file as `/v1/files` shows it. */
export interface ApiFile {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly status: string;
}

/** A film as a chat answer shows it. */
export interface ApiFilmNote {
  readonly index: number;
  readonly id: string;
  readonly caption: string;
  readonly status: string;
}

/** A generation as `/v1/videos/{id}` shows it. */
export interface ApiFilm {
  readonly id: string;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'failed';
  readonly progress: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** One part of a message's content. */
export type ApiPart = { readonly type: 'text'; readonly text: string } | { readonly type: 'video_url'; readonly video_url: { readonly url: string } };

/** A message of the conversation as the API reads it. */
export interface ApiMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly ApiPart[];
}

/** A step of a streamed answer. */
export type AnswerEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'films'; readonly films: readonly ApiFilmNote[] }
  | { readonly kind: 'finish'; readonly reason: string };
