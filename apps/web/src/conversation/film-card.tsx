import { useRef, useState } from 'react';
import { Icon } from '../icon';
import { type Film, isRunning } from './entry';
import { FilmScreen } from './film-screen';
import { RemixForm } from './remix-form';
import { useObjectUrl } from './use-object-url';

/** What a person can do with a film. */
export interface FilmActions {
  onCancel(film: Film): void;
  onRemix(film: Film, prompt: string): void;
  /** Make it again by the same description. */
  onAgain(film: Film): void;
}

/** A film in its place in the answer: progress while it is made, then the film, and what can be done with it. */
export function FilmCard({ film, onCancel, onRemix, onAgain }: { readonly film: Film } & FilmActions) {
  const url = useObjectUrl(film.status === 'completed' ? `/v1/videos/${film.id}/content` : undefined);
  const [remixing, setRemixing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setRemixing(false);
    opener.current?.focus();
  };
  return (
    <figure className="film" data-status={film.status} data-film={film.id} aria-label={`Film: ${film.caption}`}>
      <FilmScreen film={film} url={url} />
      <figcaption>{film.caption}</figcaption>
      <div className="actions">
        {film.status === 'completed' && (
          <button ref={opener} type="button" className="plain" aria-expanded={remixing} onClick={() => setRemixing(!remixing)}>
            <Icon name="remix" /> Remix
          </button>
        )}
        {url !== undefined && (
          <a className="plain" href={url} download={`${film.id}.mp4`}>
            <Icon name="download" /> Download
          </a>
        )}
        {isRunning(film) && (
          <button type="button" className="plain" onClick={() => onCancel(film)}>
            <Icon name="close" /> Cancel
          </button>
        )}
        {film.status === 'failed' && film.error?.code !== 'moderation_blocked.output' && film.error?.code !== 'not_found' && (
          <button type="button" className="plain" onClick={() => onAgain(film)}>
            <Icon name="retry" /> Make it again
          </button>
        )}
      </div>
      {remixing && (
        <RemixForm
          caption={film.caption}
          onClose={close}
          onRemix={(prompt) => {
            close();
            onRemix(film, prompt);
          }}
        />
      )}
    </figure>
  );
}
