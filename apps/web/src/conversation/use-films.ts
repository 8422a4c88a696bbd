import { type Dispatch, useEffect, useRef } from 'react';
import { followFilm } from '../api/film-events';
import { type Film, isRunning } from './entry';
import { currentEntries, type Library, type LibraryAction } from './library';

/** Streams held at once: a browser opens six connections to a host, for all of its tabs. */
const MOST_STREAMS = 2;

/** Follows the films that are being made in the conversation that is shown, the oldest first. */
export function useFilms(library: Library, dispatch: Dispatch<LibraryAction>): void {
  const running = currentEntries(library).flatMap(({ id: entry, films }) => films.filter(isRunning).map((film) => ({ entry, film })));
  const followed = running.slice(0, MOST_STREAMS);
  const latest = useRef(followed);
  latest.current = followed;
  const conversation = library.current;
  const ids = followed.map(({ film }) => film.id).join(' ');
  useEffect(() => {
    const control = new AbortController();
    const follow = async (entry: string, film: Film): Promise<void> => {
      for await (const news of followFilm(film, control.signal)) {
        dispatch({ kind: 'changed', id: conversation, at: Date.now(), change: { kind: 'film changed', entry, filmId: film.id, film: news } });
      }
    };
    for (const { entry, film } of latest.current) void follow(entry, film);
    return () => control.abort();
  }, [conversation, ids, dispatch]);
}
