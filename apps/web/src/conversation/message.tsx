import { Icon } from '../icon';
import { ClipCard } from './clip-card';
import type { Entry } from './entry';
import { type FilmActions, FilmCard } from './film-card';
import { RefusalNote } from './refusal-note';
import { withoutFilmLinks } from './to-messages';

interface Props extends FilmActions {
  readonly entry: Entry;
  onRetry(entry: Entry): void;
}

/** One entry of the conversation. */
export function Message({ entry, onRetry, ...filmActions }: Props) {
  const text = withoutFilmLinks(entry.text);
  // What the server wrote in place of a refused answer is said better by the note.
  const shown = entry.refusal?.kind === 'input' || entry.refusal?.kind === 'caption' ? '' : text;
  const writing = entry.phase === 'writing';
  return (
    <article className={`message ${entry.role}`} data-phase={entry.phase} aria-label={entry.role === 'user' ? 'You' : 'GPT4Video'} aria-busy={writing}>
      {entry.clips.map((clip, index) => (
        <ClipCard key={clip.fileId ?? clip.url ?? index} clip={clip} />
      ))}
      {shown !== '' && (
        <p className="words">
          {shown}
          {writing && <span className="caret" />}
        </p>
      )}
      {writing && entry.waiting !== true && text === '' && <p className="thinking">{entry.request?.kind === 'remix' ? 'Preparing the film…' : 'Watching and thinking…'}</p>}
      {writing && entry.waiting === true && <p className="thinking">The connection was lost. I am trying again…</p>}
      {entry.films.map((film) => (
        <FilmCard key={film.id} film={film} {...filmActions} />
      ))}
      {entry.refusal !== undefined && <RefusalNote refusal={entry.refusal} />}
      {entry.phase === 'failed' && <p className="fault">{entry.error}</p>}
      {entry.phase === 'stopped' && <p className="faint">You stopped this answer.</p>}
      {(entry.phase === 'failed' || entry.phase === 'stopped') && entry.request !== undefined && (
        <div className="actions">
          <button type="button" className="plain" onClick={() => onRetry(entry)}>
            <Icon name="retry" /> Try again
          </button>
        </div>
      )}
    </article>
  );
}
