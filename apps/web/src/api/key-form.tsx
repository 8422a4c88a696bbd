import { type FormEvent, useState } from 'react';
import { giveKey, type KeyRole, useWantedKey } from './keys';

const WORDS: Readonly<Record<KeyRole, { readonly title: string; readonly text: string }>> = {
  tenant: { title: 'Which key may I use?', text: 'This server is shared. Give the API key that you were handed; it stays in this browser.' },
  operator: { title: 'Operators only', text: 'Give the admin key of this gateway (GPT4VIDEO_ADMIN_KEY); it stays in this browser.' },
};

/** Asks for a key where the server wants one; nothing otherwise. */
export function KeyForm({ role }: { readonly role: KeyRole }) {
  const wanted = useWantedKey(role);
  const [key, setKey] = useState('');
  if (wanted === undefined) return null;
  const { title, text } = WORDS[role];
  const give = (event: FormEvent): void => {
    event.preventDefault();
    if (key.trim() !== '') giveKey(role, key.trim());
  };
  return (
    <form className="key-form" aria-label={title} onSubmit={give}>
      <h2>{title}</h2>
      <p>{text}</p>
      {wanted === 'refused' && <p className="fault" role="alert">That key is not known here, or was revoked.</p>}
      <input type="password" autoComplete="off" autoFocus aria-label="Key" value={key} onChange={(event) => setKey(event.target.value)} />
      <button type="submit" className="strong">Use this key</button>
    </form>
  );
}
