import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { progressBar } from './terminal.mjs';

/** Polls the film with a progress bar until it is made; fails when it fails. */
export async function waitForFilm(api, id) {
  const draw = progressBar('Film  ');
  for (;;) {
    const film = await api.json(`/v1/videos/${id}`);
    if (film.status === 'failed') throw new Error(`the film failed: ${film.error.code}: ${film.error.message}`);
    draw(film.status === 'completed' ? 100 : film.progress);
    if (film.status === 'completed') return film;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** Saves the MP4 and a contact sheet PNG; resolves with their names. */
export async function saveFilm(api, film, out) {
  const mp4 = await api.bytes(`/v1/videos/${film.id}/content`);
  if (mp4.subarray(4, 8).toString('latin1') !== 'ftyp') throw new Error('the film is not an MP4');
  const sheet = await sharp(await api.bytes(`/v1/videos/${film.id}/content?variant=spritesheet`)).png().toBuffer();
  writeFileSync(join(out, `${film.id}.mp4`), mp4);
  writeFileSync(join(out, `${film.id}.png`), sheet);
  return [`out/${film.id}.mp4`, `out/${film.id}.png`];
}
