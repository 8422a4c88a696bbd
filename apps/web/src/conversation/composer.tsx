import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { PendingClip } from './use-clips';

interface Props {
  readonly clips: readonly PendingClip[];
  readonly busy: boolean;
  onAdd(files: FileList): void;
  onRemove(id: number): void;
  onAsk(text: string): void;
  onStop(): void;
}

/** Where a person writes, attaches clips, sends and stops. */
export function Composer({ clips, busy, onAdd, onRemove, onAsk, onStop }: Props) {
  const [text, setText] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const uploading = clips.some((clip) => clip.state === 'uploading');
  const ready = text.trim() !== '' && !uploading && !busy;

  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onAsk(text.trim());
    setText('');
  };
  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && !event.shiftKey) send(event);
  };

  return (
    <form className="composer" onSubmit={send}>
      {clips.length > 0 && (
        <ul className="pending" aria-label="Clips to send">
          {clips.map((clip) => (
            <li key={clip.id} className={clip.state}>
              <span>{clip.state === 'failed' ? clip.error : clip.state === 'uploading' ? `Uploading ${clip.name}…` : clip.name}</span>
              <button type="button" className="quiet" aria-label={`Remove ${clip.name}`} onClick={() => onRemove(clip.id)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <button type="button" className="attach" aria-label="Attach a clip" onClick={() => picker.current?.click()}>
          +
        </button>
        <input ref={picker} type="file" accept="video/*,.mkv,.gif" multiple hidden onChange={(event) => event.target.files && onAdd(event.target.files)} />
        <textarea rows={1} value={text} aria-label="Message" placeholder="Ask about a clip, or ask for a video…" onChange={(event) => setText(event.target.value)} onKeyDown={sendOnEnter} />
        {busy ? (
          <button type="button" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" disabled={!ready}>
            Send
          </button>
        )}
      </div>
    </form>
  );
}
