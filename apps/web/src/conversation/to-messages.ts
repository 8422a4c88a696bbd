import type { ApiMessage, ApiPart } from '../api/types';
import type { Entry } from './entry';

/** A link to a film as the API writes it; the page shows a card in its place. The label may hold escaped brackets. */
const FILM_LINK = /\[▶(?:\\.|[^\\\]])*\]\([^)]*\/v1\/videos\/[^)]*\)/g;

/** The conversation as the API reads it. A question without an answer is left out together with what came of it. */
export function toMessages(entries: readonly Entry[]): ApiMessage[] {
  const kept = entries.filter((entry, index) => hasCome(entry) && hasCome(entries[index + 1]));
  return kept.map(toMessage);
}

/** The message of a new question. */
export function toQuestion({ text, clips }: Pick<Entry, 'text' | 'clips'>): ApiMessage {
  const videos: ApiPart[] = clips.map(({ fileId, url }) => ({ type: 'video_url', video_url: { url: fileId === undefined ? (url ?? '') : `file:${fileId}` } }));
  return { role: 'user', content: [...videos, { type: 'text', text }] };
}

/** Which clips of the last message the server has taken in as which files, from the paths that it names. */
export function filesOfQuestion(messages: readonly ApiMessage[], media: readonly { readonly param: string; readonly file_id: string }[]): readonly string[] {
  const last = `messages[${messages.length - 1}].`;
  return media.filter(({ param }) => param.startsWith(last)).map(({ file_id: fileId }) => fileId);
}

/** The text without the links to films. */
export function withoutFilmLinks(text: string): string {
  return text.replace(FILM_LINK, '').trim();
}

function toMessage(entry: Entry): ApiMessage {
  if (entry.role === 'user') return toQuestion(entry);
  const videos = entry.films.map(({ id, caption }) => ({ id, caption }));
  return { role: 'assistant', content: entry.text, ...(videos.length === 0 ? {} : { videos }) };
}

/** False for an answer that failed, is on its way, or was stopped before its first word. */
function hasCome(entry: Entry | undefined): boolean {
  if (entry === undefined || entry.role === 'user') return true;
  return entry.phase === 'done' || entry.phase === 'refused' || (entry.phase === 'stopped' && (entry.text !== '' || entry.films.length > 0));
}
