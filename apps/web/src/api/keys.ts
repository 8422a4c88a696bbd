import { useSyncExternalStore } from 'react';

/** Who asks: the tenant whose conversations these are, or the operator. */
export type KeyRole = 'tenant' | 'operator';

interface KeyState {
  readonly key?: string;
  /** missing: a person must give one; refused: the one given is not known. */
  readonly wanted?: 'missing' | 'refused';
}

const STORAGE: Readonly<Record<KeyRole, string>> = { tenant: 'gpt4video.key', operator: 'gpt4video.operator-key' };
const states = new Map<KeyRole, KeyState>();
const listeners = new Set<() => void>();

/** The key of the role: given by the person, kept by the browser, or handed out by a server on the same machine. Waits until there is one. */
export async function keyOf(role: KeyRole): Promise<string> {
  const known = states.get(role)?.key ?? localStorage.getItem(STORAGE[role]) ?? (await sessionKey());
  if (known !== undefined) return known;
  put(role, { wanted: 'missing' });
  return given(role);
}

/** The server does not know the key `refused`: the one that it hands out now, or waits until the person has given another. */
export async function keyAfterRefusal(role: KeyRole, refused: string): Promise<string> {
  localStorage.removeItem(STORAGE[role]);
  session = undefined;
  const handedOut = await sessionKey();
  if (handedOut !== undefined && handedOut !== refused) return handedOut;
  put(role, { wanted: 'refused' });
  return given(role);
}

/** The person has given a key. */
export function giveKey(role: KeyRole, key: string): void {
  localStorage.setItem(STORAGE[role], key);
  put(role, { key });
}

/** Whether a person must give a key. */
export function useWantedKey(role: KeyRole): KeyState['wanted'] {
  return useSyncExternalStore(listen, () => states.get(role)?.wanted);
}

let session: Promise<string | undefined> | undefined;

function sessionKey(): Promise<string | undefined> {
  session ??= fetch('/v1/session').then(async (response) => (response.ok ? ((await response.json()) as { key: string }).key : undefined));
  // The server may only be away for the moment.
  session.catch(() => (session = undefined));
  return session;
}

function given(role: KeyRole): Promise<string> {
  return new Promise((resolve) => {
    const stop = listen(() => {
      const key = states.get(role)?.key;
      if (key === undefined) return;
      stop();
      resolve(key);
    });
  });
}

function put(role: KeyRole, state: KeyState): void {
  states.set(role, state);
  for (const listener of [...listeners]) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
