import type { Entry } from './entry';
import { explain } from './refusal';
import { sentencesOf } from './sentences';
import { withoutFilmLinks } from './to-messages';

/** Answers that are read aloud; older ones are known. */
const LAST = 3;

/** What a screen reader says while answers come: each sentence once it is whole, and how films end. Nothing is seen of it. */
export function Announcer({ entries }: { readonly entries: readonly Entry[] }) {
  const answers = entries.filter(({ role }) => role === 'assistant').slice(-LAST);
  return (
    <div className="unseen" role="log" aria-live="polite" aria-label="Announcements">
      {answers.flatMap((entry) => announcementsOf(entry).map((text, index) => <p key={`${entry.id} ${index}`}>{text}</p>))}
    </div>
  );
}

function announcementsOf({ text, phase, films, refusal, error, waiting }: Entry): readonly string[] {
  const refused = refusal === undefined ? [] : [explain(refusal)].map(({ title, text: why, hint }) => `${title}. ${why} ${hint}`);
  const ended = films.flatMap(({ caption, status, error: fault }) => (status === 'completed' ? [`The film is ready: ${caption}`] : status === 'failed' ? [fault?.message ?? 'The film could not be made.'] : []));
  return [
    ...(refusal?.kind === 'input' || refusal?.kind === 'caption' ? [] : sentencesOf(withoutFilmLinks(text), phase !== 'writing')),
    ...refused,
    ...(films.length > 0 ? [`A film is being made: ${films.map(({ caption }) => caption).join('; ')}`] : []),
    ...ended,
    ...(waiting === true ? ['The connection was lost. Trying again.'] : []),
    ...(phase === 'failed' && error !== undefined ? [error] : []),
  ];
}
