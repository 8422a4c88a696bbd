import type { ApiFilmNote } from '../api/types';
import type { AnswerRequest, Clip, Entry, Film } from './entry';
import type { Refusal } from './refusal';

/** What can happen to a conversation. `entry` is the id of the answer that it happens to. */
export type Change =
  | { readonly kind: 'asked'; readonly question: string; readonly entry: string; readonly text: string; readonly clips: readonly Clip[]; readonly request: AnswerRequest }
  | { readonly kind: 'seen'; readonly entry: string; readonly fileIds: readonly string[] }
  | { readonly kind: 'wrote'; readonly entry: string; readonly text: string }
  | { readonly kind: 'filmed'; readonly entry: string; readonly films: readonly ApiFilmNote[] }
  | { readonly kind: 'film changed'; readonly entry: string; readonly filmId: string; readonly film: Partial<Film> }
  | { readonly kind: 'waiting'; readonly entry: string }
  | { readonly kind: 'finished'; readonly entry: string; readonly refusal?: Refusal }
  | { readonly kind: 'stopped'; readonly entry: string }
  | { readonly kind: 'failed'; readonly entry: string; readonly error: string }
  | { readonly kind: 'retried'; readonly entry: string };

/** The entries after a change. */
export function change(entries: readonly Entry[], what: Change): readonly Entry[] {
  if (what.kind === 'asked') {
    const question: Entry = { id: what.question, role: 'user', text: what.text, clips: what.clips, films: [], phase: 'done' };
    return [...entries, question, { id: what.entry, role: 'assistant', text: '', clips: [], films: [], phase: 'writing', request: what.request }];
  }
  if (what.kind === 'seen') return entries.map((entry, index) => (entries[index + 1]?.id === what.entry ? { ...entry, clips: withFiles(entry.clips, what.fileIds) } : entry));
  return entries.map((entry) => (entry.id === what.entry ? changeAnswer(entry, what) : entry));
}

function changeAnswer(entry: Entry, what: Exclude<Change, { kind: 'asked' | 'seen' }>): Entry {
  switch (what.kind) {
    case 'wrote':
      // An answer that is replayed after a reload is already on the screen as far as it goes.
      return settled({ ...entry, text: entry.text.startsWith(what.text) ? entry.text : what.text });
    case 'filmed':
      return { ...entry, films: merge(entry.films, what.films) };
    case 'film changed':
      return { ...entry, films: entry.films.map((film) => (film.id === what.filmId ? forward(film, what.film) : film)) };
    case 'waiting':
      return { ...entry, waiting: true };
    case 'finished':
      return what.refusal === undefined ? answered(entry, 'done') : { ...answered(entry, 'refused'), refusal: what.refusal };
    case 'stopped':
      return settled({ ...entry, phase: 'stopped' });
    case 'failed':
      return { ...settled({ ...entry, phase: 'failed' }), error: what.error };
    case 'retried': {
      const { error: _, ...rest } = entry;
      return { ...rest, phase: 'writing' };
    }
  }
}

/** The entry with nothing to wait for. */
function settled(entry: Entry): Entry {
  const { waiting: _, ...rest } = entry;
  return rest;
}

/** The entry when its request is answered, so that it is never sent again. */
function answered(entry: Entry, phase: Entry['phase']): Entry {
  const { request: _, ...rest } = settled(entry);
  return { ...rest, phase };
}

/** The files of the clips, in the order in which the request named them. */
function withFiles(clips: readonly Clip[], fileIds: readonly string[]): readonly Clip[] {
  return clips.map((clip, index) => ({ ...clip, ...(clip.fileId === undefined && fileIds[index] !== undefined ? { fileId: fileIds[index] } : {}) }));
}

/** What was heard before must not undo what was heard after: ended films stay ended, progress does not fall. */
function forward(film: Film, news: Partial<Film>): Film {
  if (film.status === 'completed' || film.status === 'failed') return film;
  return { ...film, ...news, progress: Math.max(film.progress, news.progress ?? 0), lastEventId: Math.max(film.lastEventId, news.lastEventId ?? 0) };
}

/** The notes as films; those that are known stay as they are. */
function merge(known: readonly Film[], notes: readonly ApiFilmNote[]): readonly Film[] {
  const fresh = notes.filter(({ id }) => known.every((film) => film.id !== id));
  const films = fresh.map(({ index, id, caption }): Film => ({ index, id, caption, status: 'queued', progress: 0, lastEventId: 0 }));
  return [...known, ...films].sort((a, b) => a.index - b.index);
}
