import { Icon } from '../icon';
import type { Film } from './entry';
import { movesAllowed } from './motion';
import { refusalOf } from './refusal';
import { RefusalNote } from './refusal-note';

/** Where a film is seen, or how far it is. */
export function FilmScreen({ film, url }: { readonly film: Film; readonly url: string | undefined }) {
  if (url !== undefined) return <video src={url} controls style={{ aspectRatio: 1 }} autoPlay={movesAllowed()} loop muted playsInline aria-label={film.caption} />;
  if (film.status === 'failed') return <Ended film={film} />;
  const words = film.status === 'queued' ? 'Waiting for its turn…' : film.status === 'completed' ? 'Fetching the film…' : `Filming… ${film.progress} %`;
  return (
    <div className="making">
      <Icon name="film" />
      <progress max={100} value={film.status === 'queued' ? undefined : film.progress} aria-label="Progress of the film" />
      <span>{words}</span>
    </div>
  );
}

function Ended({ film: { error } }: { readonly film: Film }) {
  if (error?.code.startsWith('moderation_blocked') === true) return <RefusalNote refusal={refusalOf('film', error.category)} />;
  if (error?.code === 'cancelled') return <p className="ended">You cancelled this film.</p>;
  return <p className="ended fault">{error?.message ?? 'This film could not be made.'}</p>;
}
