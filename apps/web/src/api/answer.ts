import type { AnswerRequest } from '../conversation/entry';
import { type Refusal, refusalOf } from '../conversation/refusal';
import { filesOfQuestion } from '../conversation/to-messages';
import { ApiError } from './api-error';
import { call, once, read } from './call';
import { readEvents } from './event-stream';
import { pause, waitBeforeRetry } from './patience';
import type { ApiChunk, ApiFilm, ApiFilmNote } from './types';

/** What comes of a request, step by step. `text` is the whole answer so far, since a replay begins anew. */
export type AnswerEvent =
  | { readonly kind: 'seen'; readonly fileIds: readonly string[] }
  | { readonly kind: 'wrote'; readonly text: string }
  | { readonly kind: 'filmed'; readonly films: readonly ApiFilmNote[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'finished'; readonly refusal?: Refusal };

/**
 * Sends the request, and again under the same key while the connection is lost or the server is busy, until it is answered.
 * Aborting stops the model too. Throws what a person must decide about.
 */
export async function* answer(request: AnswerRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return yield* request.kind === 'chat' ? chat(request, signal) : remix(request, signal);
    } catch (error) {
      const wait = signal.aborted ? undefined : waitBeforeRetry(error, attempt);
      if (wait === undefined) throw error;
      yield { kind: 'waiting' };
      await pause(wait, signal);
    }
  }
}

async function* chat({ key, seed, messages }: Extract<AnswerRequest, { kind: 'chat' }>, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const response = await call('/v1/chat/completions', once(key, { messages, seed, stream: true }, signal));
  let text = '';
  let end: AnswerEvent | undefined;
  for await (const { data } of readEvents(response)) {
    if (data === '[DONE]') break;
    const { error, media, moderation, choices } = JSON.parse(data) as ApiChunk;
    // A fault of ours in the middle: the same as if the connection had broken, only that asking at once is no use.
    if (error !== undefined) throw new ApiError(response.status, error.code, error.message);
    if (media !== undefined) yield { kind: 'seen', fileIds: filesOfQuestion(messages, media) };
    const choice = choices?.[0];
    if (choice?.delta.content) yield { kind: 'wrote', text: (text += choice.delta.content) };
    if (choice?.delta.videos !== undefined) yield { kind: 'filmed', films: choice.delta.videos };
    if (choice?.finish_reason) end = finish(choice.finish_reason, moderation);
  }
  if (end === undefined) throw new TypeError('the stream ended in the middle of the answer');
  yield end;
}

async function* remix({ key, filmId, prompt }: Extract<AnswerRequest, { kind: 'remix' }>, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  try {
    const film = await read<ApiFilm>(`/v1/videos/${filmId}/remix`, once(key, { prompt }, signal));
    yield { kind: 'filmed', films: [{ index: 0, id: film.id, caption: film.prompt }] };
    yield { kind: 'finished' };
  } catch (error) {
    if (!(error instanceof ApiError) || !error.code.startsWith('moderation_blocked')) throw error;
    yield { kind: 'finished', refusal: refusalOf('caption', error.category) };
  }
}

function finish(reason: string, moderation: ApiChunk['moderation']): AnswerEvent {
  if (reason !== 'content_filter') return { kind: 'finished' };
  const flagged = [moderation?.input, moderation?.output].flatMap((side) => side?.results ?? []).find((verdict) => verdict.flagged);
  return { kind: 'finished', refusal: refusalOf(flagged?.stage ?? 'input', flagged?.category) };
}
