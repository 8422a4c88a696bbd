import { useRef, useState } from 'react';
import { cancelFilm } from '../api/film-events';
import { uploadClip } from '../api/files';
import { KeyForm } from '../api/key-form';
import { Header } from '../header';
import { newId } from '../new-id';
import { Announcer } from './announcer';
import { Composer } from './composer';
import { ConversationList } from './conversation-list';
import type { Film } from './entry';
import { currentEntries } from './library';
import { Message } from './message';
import { useAnswers } from './use-answers';
import { useDrop } from './use-drop';
import { useEscape } from './use-escape';
import { useFilms } from './use-films';
import { useLibrary } from './use-library';
import { useOnline } from './use-online';
import { usePendingClips } from './use-pending-clips';
import { useStickToEnd } from './use-stick-to-end';
import { Welcome } from './welcome';

/** The conversations: one is shown, clips may be dropped anywhere, films are made in place. */
export function ConversationPage() {
  const [library, dispatch] = useLibrary();
  const answers = useAnswers(library, dispatch);
  const clips = usePendingClips();
  const { over, handlers } = useDrop(clips);
  const online = useOnline();
  const [menu, setMenu] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const scrolled = useStickToEnd(library.current);
  useFilms(library, dispatch);

  const entries = currentEntries(library);
  const writing = entries.find(({ phase }) => phase === 'writing');
  const open = (id: string): void => {
    dispatch({ kind: 'opened', id });
    setMenu(false);
    field.current?.focus();
  };
  const remove = (id: string): void => {
    dispatch({ kind: 'removed', id, next: newId() });
    field.current?.focus();
  };
  const askAbout = async (file: File, text: string): Promise<void> => {
    const stored = await uploadClip(file, { key: newId(), signal: new AbortController().signal, onProgress: () => undefined }).catch(() => undefined);
    // Attached, the clip says what is wrong and can be tried again.
    if (stored === undefined) clips.addFiles([file]);
    else answers.ask(text, [{ name: file.name, fileId: stored.id }]);
  };
  const cancel = async (film: Film): Promise<void> => {
    const entry = entries.find(({ films }) => films.includes(film))?.id ?? '';
    const news = await cancelFilm(film.id).catch(() => undefined);
    if (news !== undefined) dispatch({ kind: 'changed', id: library.current, at: Date.now(), change: { kind: 'film changed', entry, filmId: film.id, film: news } });
  };
  useEscape(() => {
    if (menu) setMenu(false);
    else if (writing !== undefined) answers.stop(writing);
  });
  const list = <ConversationList library={library} onOpen={open} onBegin={() => open(newId())} onRemove={remove} />;

  return (
    <div className="page" data-menu={menu} {...handlers}>
      <Header menu={menu} onMenu={() => setMenu(!menu)} />
      <aside>{list}</aside>
      <main ref={scrolled} tabIndex={0} aria-label="Conversation">
        <div className="column">
          <KeyForm role="tenant" />
          {entries.length === 0 && <Welcome onAsk={(text) => answers.ask(text, [])} onAskAbout={(file, text) => void askAbout(file, text)} />}
          {entries.map((entry) => (
            <Message
              key={entry.id}
              entry={entry}
              onRetry={answers.retry}
              onCancel={(film) => void cancel(film)}
              onRemix={(film, prompt) => answers.remix(film, prompt, `The same film, but: ${prompt}`)}
              onAgain={(film) => answers.remix(film, film.caption, 'Make that film again.')}
            />
          ))}
        </div>
      </main>
      <Announcer key={library.current} entries={entries} />
      <footer className="column">
        {!online && <p className="offline" role="status">You are offline. What is under way goes on when the network is back.</p>}
        <Composer clips={clips} busy={writing !== undefined} field={field} onAsk={(text) => answers.ask(text, clips.take())} onStop={() => writing !== undefined && answers.stop(writing)} />
      </footer>
      {over && <div className="drop" aria-hidden="true">Drop it here</div>}
    </div>
  );
}
