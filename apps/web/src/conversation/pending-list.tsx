import { Icon } from '../icon';
import type { PendingClip } from './pending-clip';
import type { PendingClips } from './use-pending-clips';

/** The clips of the next question, and how their uploads go. */
export function PendingList({ clips }: { readonly clips: PendingClips }) {
  if (clips.all.length === 0) return null;
  return (
    <ul className="pending" aria-label="Clips to send">
      {clips.all.map((clip) => (
        <li key={clip.id} data-state={clip.state}>
          <Icon name={clip.url === undefined ? 'film' : 'link'} />
          <span className="name">{clip.name}</span>
          <State clip={clip} />
          {clip.state === 'failed' && clip.file !== undefined && (
            <button type="button" className="plain" onClick={() => clips.retry(clip)}>Try again</button>
          )}
          <button type="button" className="plain square" aria-label={`Remove ${clip.name}`} onClick={() => clips.remove(clip.id)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function State({ clip: { state, sent, error, name } }: { readonly clip: PendingClip }) {
  if (state === 'failed') return <span className="fault" role="alert">{error}</span>;
  return state === 'uploading' ? <progress max={1} value={sent} aria-label={`Uploading ${name}`} /> : null;
}
