import { type DragEvent, useEffect, useRef, useState } from 'react';
import { Composer } from './conversation/composer';
import { Message } from './conversation/message';
import { useClips } from './conversation/use-clips';
import { useConversation } from './conversation/use-conversation';

const IDEAS = ['What is in this video?', 'Which way does it move?', 'Make a video of a blue star rising over the sea at night.'];

/** The page: one conversation, clips dropped anywhere, films in place. */
export function App() {
  const conversation = useConversation();
  const clips = useClips();
  const [over, setOver] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  // Braces: newer browsers return a promise from scrollIntoView, which React would take for a clean-up function.
  useEffect(() => {
    void end.current?.scrollIntoView({ block: 'end' });
  }, [conversation.entries]);

  const ask = (text: string): void => void conversation.ask(text, clips.take());
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    clips.add(event.dataTransfer.files);
  };

  return (
    <div className={over ? 'page over' : 'page'} onDragOver={(event) => (event.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)} onDrop={drop}>
      <header>
        <h1>GPT4Video</h1>
        <button type="button" className="quiet" disabled={conversation.entries.length === 0} onClick={conversation.clear}>
          New conversation
        </button>
      </header>
      <main aria-live="polite">
        {conversation.entries.length === 0 && <Welcome onPick={ask} />}
        {conversation.entries.map((entry) => (
          <Message key={entry.id} entry={entry} />
        ))}
        <div ref={end} />
      </main>
      <Composer clips={clips.pending} busy={conversation.busy} onAdd={clips.add} onRemove={clips.remove} onAsk={ask} onStop={conversation.stop} />
    </div>
  );
}

function Welcome({ onPick }: { readonly onPick: (text: string) => void }) {
  return (
    <section className="welcome">
      <h2>Show a clip, or ask for one</h2>
      <p>Drop a video anywhere on this page and ask about it. Ask for a video, and it is made here.</p>
      <ul>
        {IDEAS.map((idea) => (
          <li key={idea}>
            <button type="button" className="idea" onClick={() => onPick(idea)}>
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
