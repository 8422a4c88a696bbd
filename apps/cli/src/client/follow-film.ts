import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiFailure, call, type Connection } from './connection.js';

/** A film as the API tells of it. */
export interface Film {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly prompt: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The film as it is now. */
export async function filmOf(connection: Connection, id: string): Promise<Film> {
  return (await (await call(connection, `/v1/videos/${id}`)).json()) as Film;
}

/** Waits for a film and tells of each step of its progress. Throws ApiFailure when it is not made. */
export async function followFilm(connection: Connection, id: string, tell: (film: Film) => void): Promise<Film> {
  for (;;) {
    const film = await filmOf(connection, id);
    tell(film);
    if (film.status === 'completed') return film;
    if (film.error !== null) throw new ApiFailure(film.error.code, film.error.message);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Saves the film's bytes. */
export async function saveFilm(connection: Connection, id: string, path: string): Promise<void> {
  const { body } = await call(connection, `/v1/videos/${id}/content`);
  if (body === null) throw new ApiFailure('empty', 'The film has no bytes.');
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(path));
}

/** A bar of 25 squares and the percentage, for a terminal line that is written over. */
export function progressBar({ status, progress }: Film): string {
  const full = Math.round(progress / 4);
  return `[${'█'.repeat(full)}${'·'.repeat(25 - full)}] ${String(progress).padStart(3)} % ${status}`;
}
