import type { ApiFilmNote, ApiMessage, ApiPart } from '../api/types';

/** A clip that the person showed. */
export interface Clip {
  readonly fileId: string;
  readonly name: string;
}

/** One entry of the conversation. */
export interface Entry {
  readonly id: number;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly clips: readonly Clip[];
  readonly films: readonly ApiFilmNote[];
  /** writing: the answer is streaming; blocked: it was declined; failed: `error` says why. */
  readonly phase: 'done' | 'writing' | 'blocked' | 'failed';
  readonly error?: string;
}

/** What can happen to the conversation. */
export type Action =
  | { readonly kind: 'asked'; readonly id: number; readonly text: string; readonly clips: readonly Clip[] }
  | { readonly kind: 'wrote'; readonly text: string }
  | { readonly kind: 'filmed'; readonly films: readonly ApiFilmNote[] }
  | { readonly kind: 'finished'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'cleared' };

const STORAGE = 'gpt4video.conversation';

/** The conversation after an action; the answer being written is always the last entry. */
export function reduce(entries: readonly Entry[], action: Action): readonly Entry[] {
  switch (action.kind) {
    case 'asked':
      return [
        ...entries,
        { id: action.id, role: 'user', text: action.text, clips: action.clips, films: [], phase: 'done' },
        { id: action.id + 1, role: 'assistant', text: '', clips: [], films: [], phase: 'writing' },
      ];
    case 'wrote':
      return mapLast(entries, (entry) => ({ ...entry, text: entry.text + action.text }));
    case 'filmed':
      return mapLast(entries, (entry) => ({ ...entry, films: mergeFilms(entry.films, action.films) }));
    case 'finished':
      return mapLast(entries, (entry) => ({ ...entry, phase: action.reason === 'content_filter' ? 'blocked' : 'done' }));
    case 'failed':
      return mapLast(entries, (entry) => ({ ...entry, phase: 'failed', error: action.error }));
    case 'cleared':
      return [];
  }
}

/** The conversation as the API reads it; failed answers are left out together with their question. */
export function toMessages(entries: readonly Entry[]): ApiMessage[] {
  const kept = entries.filter((entry, index) => entry.phase !== 'failed' && entries[index + 1]?.phase !== 'failed');
  return kept.filter((entry) => entry.phase !== 'writing').map(toMessage);
}

/** The text without the links that the page shows as film cards. */
export function withoutFilmLinks(text: string): string {
  return text.replace(/\[▶[^\]]*\]\(\/v1\/videos\/[^)]*\)/g, '').trim();
}

/** The conversation that this browser remembers; an answer cut off by a reload says so. */
export function restore(): readonly Entry[] {
  try {
    const entries = JSON.parse(localStorage.getItem(STORAGE) ?? '[]') as Entry[];
    return entries.map((entry) => (entry.phase === 'writing' ? { ...entry, phase: entry.text === '' ? 'failed' : 'done', error: 'The page was reloaded before the answer came.' } : entry));
  } catch {
    return [];
  }
}

/** Remembers the conversation in this browser. */
export function remember(entries: readonly Entry[]): void {
  localStorage.setItem(STORAGE, JSON.stringify(entries));
}

function toMessage(entry: Entry): ApiMessage {
  if (entry.role === 'assistant') return { role: 'assistant', content: entry.text };
  const videos: ApiPart[] = entry.clips.map((clip) => ({ type: 'video_url', video_url: { url: `file:${clip.fileId}` } }));
  return { role: 'user', content: [...videos, { type: 'text', text: entry.text }] };
}

function mapLast(entries: readonly Entry[], change: (entry: Entry) => Entry): readonly Entry[] {
  return entries.map((entry, index) => (index === entries.length - 1 ? change(entry) : entry));
}

function mergeFilms(known: readonly ApiFilmNote[], news: readonly ApiFilmNote[]): readonly ApiFilmNote[] {
  const byIndex = new Map(known.map((film) => [film.index, film]));
  for (const film of news) byIndex.set(film.index, film);
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}
