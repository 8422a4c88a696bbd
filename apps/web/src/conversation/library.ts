import { type Change, change } from './conversation';
import type { Entry } from './entry';

/** One conversation of this browser. */
export interface Conversation {
  readonly id: string;
  /** Milliseconds since the epoch of the last question. */
  readonly askedAt: number;
  readonly entries: readonly Entry[];
}

/** Every conversation of this browser; those without an entry are not kept. */
export interface Library {
  readonly conversations: readonly Conversation[];
  /** Id of the one that is shown; it need not have begun. */
  readonly current: string;
}

/** What can happen to the library. */
export type LibraryAction =
  | { readonly kind: 'opened'; readonly id: string }
  | { readonly kind: 'removed'; readonly id: string; readonly next: string }
  | { readonly kind: 'changed'; readonly id: string; readonly at: number; readonly change: Change };

const LONGEST_TITLE = 48;

/** The library after an action; the conversation that was asked last comes first. */
export function reduceLibrary(library: Library, action: LibraryAction): Library {
  if (action.kind === 'opened') return { ...library, current: action.id };
  if (action.kind === 'removed') {
    const conversations = library.conversations.filter(({ id }) => id !== action.id);
    return { conversations, current: library.current === action.id ? action.next : library.current };
  }
  const known = library.conversations.find(({ id }) => id === action.id);
  const asked = action.change.kind === 'asked';
  // An answer may still be on its way to a conversation that the person has deleted.
  if (known === undefined && !asked) return library;
  const changed: Conversation = { id: action.id, askedAt: asked ? action.at : (known?.askedAt ?? action.at), entries: change(known?.entries ?? [], action.change) };
  const others = library.conversations.filter(({ id }) => id !== action.id);
  return { ...library, conversations: [changed, ...others].sort((a, b) => b.askedAt - a.askedAt) };
}

/** The entries that are shown. */
export function currentEntries({ conversations, current }: Library): readonly Entry[] {
  return conversations.find(({ id }) => id === current)?.entries ?? [];
}

/** What the conversation is called: its first question. */
export function titleOf({ entries }: Conversation): string {
  const [first] = entries;
  const text = first?.text.replace(/\s+/g, ' ').trim() || (first?.clips[0]?.name ?? 'Conversation');
  return text.length <= LONGEST_TITLE ? text : `${text.slice(0, LONGEST_TITLE - 1).trimEnd()}…`;
}
