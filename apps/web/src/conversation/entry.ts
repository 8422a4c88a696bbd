import type { ApiFilm, ApiFilmError, ApiMessage } from '../api/types';
import type { Refusal } from './refusal';

/** A clip that the person showed: uploaded, or somewhere on the web. A pasted one gets its file when the server has taken it in. */
export interface Clip {
  readonly name: string;
  readonly fileId?: string;
  readonly url?: string;
}

/** A film of an answer, as far as this browser has heard. */
export interface Film {
  readonly index: number;
  readonly id: string;
  readonly caption: string;
  readonly status: ApiFilm['status'];
  /** 0 to 100. */
  readonly progress: number;
  /** Number of the last event heard; those after it are asked for. */
  readonly lastEventId: number;
  readonly error?: ApiFilmError;
}

/** A request that can be sent again until it is answered: the server makes nothing twice under one key. */
export type AnswerRequest =
  | { readonly kind: 'chat'; readonly key: string; readonly seed: number; readonly messages: readonly ApiMessage[] }
  | { readonly kind: 'remix'; readonly key: string; readonly filmId: string; readonly prompt: string };

/** One entry of a conversation. */
export interface Entry {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly clips: readonly Clip[];
  readonly films: readonly Film[];
  /** writing: the answer is on its way; stopped: by the person; refused: `refusal` says why; failed: `error` says why. */
  readonly phase: 'done' | 'writing' | 'stopped' | 'refused' | 'failed';
  /** What asks for this answer; gone when it is whole. */
  readonly request?: AnswerRequest;
  /** True while the connection is lost and will be tried again. */
  readonly waiting?: boolean;
  readonly refusal?: Refusal;
  readonly error?: string;
}

/** True while a film is not ended. */
export function isRunning({ status }: Pick<Film, 'status'>): boolean {
  return status === 'queued' || status === 'in_progress';
}
