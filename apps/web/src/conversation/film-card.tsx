import { useEffect, useState } from 'react';
import { cancelFilm, getFilm } from '../api/client';
import type { ApiFilm, ApiFilmNote } from '../api/types';
import { useObjectUrl } from './use-object-url';

const POLL_MS = 700;

/** A film that the answer asked for: progress while it is made, then the film itself. */
export function FilmCard({ note }: { readonly note: ApiFilmNote }) {
  const film = useFilm(note);
  const url = useObjectUrl(film?.status === 'completed' ? `/v1/videos/${note.id}/content` : undefined);
  return (
    <figure className="film" data-status={film?.status ?? note.status}>
      {url === undefined ? <Making film={film} /> : <video src={url} controls autoPlay loop muted playsInline aria-label={note.caption} />}
      <figcaption>
        {note.caption}
        {url !== undefined && (
          <a href={url} download={`${note.id}.mp4`}>
            Download
          </a>
        )}
        {isRunning(film) && (
          <button type="button" className="quiet" onClick={() => void cancelFilm(note.id)}>
            Cancel
          </button>
        )}
      </figcaption>
    </figure>
  );
}

function Making({ film }: { readonly film: ApiFilm | undefined }) {
  if (film?.status === 'failed') return <p className="error">{film.error?.message ?? 'The film could not be made.'}</p>;
  const progress = film?.progress ?? 0;
  return (
    <div className="making">
      <progress max={100} value={progress} aria-label="Progress of the film" />
      <span>{film?.status === 'in_progress' ? `Filming… ${progress} %` : 'Waiting for a camera…'}</span>
    </div>
  );
}

function useFilm(note: ApiFilmNote): ApiFilm | undefined {
  const [film, setFilm] = useState<ApiFilm>();
  useEffect(() => {
    if (note.id === '') return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const poll = async (): Promise<void> => {
      const next = await getFilm(note.id).catch(() => undefined);
      if (gone) return;
      if (next !== undefined) setFilm(next);
      if (next === undefined || isRunning(next)) timer = setTimeout(() => void poll(), POLL_MS);
    };
    void poll();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [note.id]);
  return film;
}

function isRunning(film: ApiFilm | undefined): boolean {
  return film?.status === 'queued' || film?.status === 'in_progress';
}
