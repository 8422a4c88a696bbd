import { type FormEvent, type KeyboardEvent, useState } from 'react';

interface Props {
  readonly caption: string;
  onRemix(prompt: string): void;
  onClose(): void;
}

/** “The same film, but …”: the description to change, everything else stays. */
export function RemixForm({ caption, onRemix, onClose }: Props) {
  const [prompt, setPrompt] = useState(caption);
  const changed = prompt.trim() !== '' && prompt.trim() !== caption;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (changed) onRemix(prompt.trim());
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey) submit(event);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form className="remix" aria-label="Remix" onSubmit={submit} onKeyDown={keys}>
      <label>
        <span>The same film, but…</span>
        <textarea rows={2} value={prompt} autoFocus maxLength={500} onChange={(event) => setPrompt(event.target.value)} onFocus={(event) => event.target.select()} />
      </label>
      <p className="faint">Change the words; seed, size and steps stay as they are.</p>
      <div className="actions">
        <button type="submit" className="strong" disabled={!changed}>Remix</button>
        <button type="button" className="plain" onClick={onClose}>Close</button>
      </div>
    </form>
  );
}
