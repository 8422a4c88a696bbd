import { type ClipboardEvent, type FormEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { Icon } from '../icon';
import { clipLinksIn } from './links';
import { PendingList } from './pending-list';
import type { PendingClips } from './use-pending-clips';

interface Props {
  readonly clips: PendingClips;
  readonly busy: boolean;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  onAsk(text: string): void;
  onStop(): void;
}

/** Where a person writes, attaches clips, pastes links, sends and stops. */
export function Composer({ clips, busy, field, onAsk, onStop }: Props) {
  const [text, setText] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const ready = text.trim() !== '' && !busy && clips.all.every(({ state }) => state === 'ready');

  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onAsk(text.trim());
    setText('');
  };
  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While a word is composed, as in Japanese, Enter ends the word.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const { links, rest } = clipLinksIn(event.clipboardData.getData('text/plain'));
    const { files } = event.clipboardData;
    if (links.length === 0 && files.length === 0) return;
    event.preventDefault();
    clips.addFiles(files);
    clips.addLinks(links);
    if (rest !== '') setText((before) => `${before}${before === '' ? '' : ' '}${rest}`);
  };

  return (
    <form className="composer" aria-label="Ask" onSubmit={send}>
      <PendingList clips={clips} />
      <textarea ref={field} rows={1} value={text} autoFocus aria-label="Message" aria-describedby="composer-hint" placeholder="Ask about a clip, or ask for a video…" onChange={(event) => setText(event.target.value)} onKeyDown={sendOnEnter} onPaste={paste} />
      <div className="row">
        <button type="button" className="plain" onClick={() => picker.current?.click()}>
          <Icon name="attach" /> Add a clip
        </button>
        <input ref={picker} type="file" accept="video/*,.mkv,.gif" multiple hidden onChange={(event) => (clips.addFiles(event.target.files ?? []), (event.target.value = ''))} />
        <span id="composer-hint" className="hint">{busy ? 'Esc stops' : 'Drop a clip or paste a link · Enter sends'}</span>
        {busy ? (
          <button type="button" className="strong round" aria-label="Stop" onClick={onStop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" className="strong round" aria-label="Send" disabled={!ready}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}
