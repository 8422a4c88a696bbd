/** A file as `/v1/files` shows it. */
export interface ApiFile {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly video: { readonly duration_ms: number; readonly width: number; readonly height: number; readonly stills: number };
}

/** Why there is no film. */
export interface ApiFilmError {
  /** moderation_blocked.input, moderation_blocked.output, cancelled or generation_failed; not_found when it is no longer kept. */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly category: string | null;
}

/** A film as `/v1/videos/{id}` shows it. */
export interface ApiFilm {
  readonly id: string;
  readonly prompt: string;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'failed';
  readonly progress: number;
  readonly error: ApiFilmError | null;
}

/** A film as a chat answer shows it. */
export interface ApiFilmNote {
  readonly index: number;
  readonly id: string;
  readonly caption: string;
}

/** One part of a message's content. */
export type ApiPart = { readonly type: 'text'; readonly text: string } | { readonly type: 'video_url'; readonly video_url: { readonly url: string } };

/** A message of the conversation as the API reads it. */
export interface ApiMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly ApiPart[];
  readonly videos?: readonly { readonly id: string; readonly caption: string }[];
}

/** What screening said of one side of a turn. */
interface ApiVerdict {
  readonly results: readonly { readonly flagged: boolean; readonly category: string | null; readonly stage: 'input' | 'output' | 'caption' | 'film' }[];
}

/** A chunk of a streamed answer. */
export interface ApiChunk {
  readonly error?: { readonly code: string; readonly message: string };
  readonly choices?: readonly { readonly delta: { readonly content?: string; readonly videos?: readonly ApiFilmNote[] }; readonly finish_reason: string | null }[];
  readonly moderation?: { readonly input: ApiVerdict | null; readonly output: ApiVerdict | null };
  readonly media?: readonly { readonly param: string; readonly file_id: string }[];
}
