import { newId } from '../new-id';
import type { Conversation, Library } from './library';

const PREFIX = 'gpt4video.conversation.';
const CURRENT = 'gpt4video.current';
/** The oldest beyond these are forgotten, since a browser gives a site a few megabytes. */
const MOST_KEPT = 100;

/** The library that this browser has kept; what cannot be read is left out. */
export function restoreLibrary(storage: Storage): Library {
  const conversations = Object.keys(storage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => parse(storage.getItem(key)))
    .sort((a, b) => b.askedAt - a.askedAt);
  for (const { id } of conversations.slice(MOST_KEPT)) storage.removeItem(PREFIX + id);
  return { conversations: conversations.slice(0, MOST_KEPT), current: storage.getItem(CURRENT) ?? newId() };
}

/** Keeps what differs from `before`. Each conversation has an entry of its own, so that two tabs do not overwrite each other's. */
export function keepLibrary(storage: Storage, library: Library, before: Library): void {
  const known = new Map(before.conversations.map((conversation) => [conversation.id, conversation]));
  try {
    if (storage.getItem(CURRENT) !== library.current) storage.setItem(CURRENT, library.current);
    for (const conversation of library.conversations) {
      if (known.get(conversation.id) !== conversation) storage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    }
  } catch {
    // A full or forbidden storage costs the memory of this conversation, not the conversation.
  }
  const removed = before.conversations.filter(({ id }) => library.conversations.every((conversation) => conversation.id !== id));
  for (const { id } of removed) storage.removeItem(PREFIX + id);
}

function parse(text: string | null): Conversation[] {
  try {
    const conversation = JSON.parse(text ?? '') as Conversation;
    return Array.isArray(conversation.entries) && conversation.entries.length > 0 ? [conversation] : [];
  } catch {
    return [];
  }
}
