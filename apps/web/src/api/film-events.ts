import { type Film, isRunning } from '../conversation/entry';
import { ApiError } from './api-error';
import { call, read } from './call';
import { readEvents } from './event-stream';
import { pause, waitBeforeRetry } from './patience';
import type { ApiFilm } from './types';

interface VideoEvent {
  readonly status: string;
  readonly progress: number;
}

/** What happens to a film after its last known event, until it has ended. A lost connection is opened again where it broke. */
export async function* followFilm({ id, lastEventId }: Film, signal: AbortSignal): AsyncGenerator<Partial<Film>> {
  let last = lastEventId;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await call(`/v1/videos/${id}/events`, { signal, headers: last === 0 ? {} : { 'last-event-id': String(last) } });
      for await (const event of readEvents(response)) {
        attempt = 0;
        last = Number(event.id);
        const { status, progress } = JSON.parse(event.data) as VideoEvent;
        if (status === 'queued' || status === 'in_progress') yield { status, progress, lastEventId: last };
      }
      // The server closes the stream when the film has ended; how it ended stands on the film.
      const news = filmOf(await read<ApiFilm>(`/v1/videos/${id}`, { signal }));
      yield { ...news, lastEventId: last };
      if (!isRunning(news)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 404) return yield GONE;
      const wait = waitBeforeRetry(error, attempt);
      if (wait === undefined) return;
      await pause(wait, signal).catch(() => undefined);
    }
  }
}

/** Stops a film that is waiting or being made. */
export async function cancelFilm(id: string): Promise<Partial<Film>> {
  return filmOf(await read<ApiFilm>(`/v1/videos/${id}/cancel`, { method: 'POST' }));
}

const GONE = { status: 'failed', error: { code: 'not_found', message: 'This film is no longer kept.', retryable: false, category: null } } as const;

function filmOf({ status, progress, error }: ApiFilm): Pick<Film, 'status' | 'progress' | 'error'> {
  return { status, progress, ...(error === null ? {} : { error }) };
}
