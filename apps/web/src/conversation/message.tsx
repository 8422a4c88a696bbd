import { ClipCard } from './clip-card';
import { FilmCard } from './film-card';
import { type Entry, withoutFilmLinks } from './state';

/** One entry of the conversation. */
export function Message({ entry }: { readonly entry: Entry }) {
  const text = withoutFilmLinks(entry.text);
  const waiting = entry.phase === 'writing' && text === '';
  return (
    <article className={`message ${entry.role} ${entry.phase}`} aria-label={entry.role === 'user' ? 'You' : 'GPT4Video'}>
      {entry.clips.map((clip) => (
        <ClipCard key={clip.fileId} clip={clip} />
      ))}
      {text !== '' && <p className="words">{text}</p>}
      {waiting && (
        <p className="words thinking" aria-label="Watching and thinking">
          <i />
          <i />
          <i />
        </p>
      )}
      {entry.films.map((film) => (
        <FilmCard key={film.index} note={film} />
      ))}
      {entry.phase === 'blocked' && <p className="notice">This request was declined. Ask for something else and the talk goes on.</p>}
      {entry.phase === 'failed' && <p className="error">{entry.error}</p>}
    </article>
  );
}
