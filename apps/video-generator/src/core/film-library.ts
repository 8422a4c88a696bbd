import { Injectable } from '@nestjs/common';
import type { Film } from '@gpt4video/ports/film-model';
import { ImageCodec, type Picture } from '@gpt4video/ports/image-codec';
import { ObjectStore } from '@gpt4video/ports/object-store';
import type { Lease, StoredFilm } from './generation-queue.js';
import type { FinishedFilm } from './make-film.service.js';

const SPRITE_COLUMNS = 4;
const FILES = { video: 'video.mp4', thumbnail: 'thumbnail.webp', spritesheet: 'spritesheet.jpeg' } as const;

/** Keeps films and their pictures under `films/{generation id}/{attempt}/`, so that attempts never share an object. */
@Injectable()
export class FilmLibrary {
  constructor(
    private readonly store: ObjectStore,
    private readonly images: ImageCodec,
  ) {}

  /** Stores the film, its middle frame and the sheet of all frames. A failed or aborted call leaves nothing that `discard` would not remove. */
  async keep(lease: Lease, finished: FinishedFilm, signal: AbortSignal): Promise<StoredFilm> {
    const started = performance.now();
    const frames = picturesOf(finished.film);
    const middle = frames[frames.length >> 1] ?? { pixels: finished.film.pixels, width: finished.film.width, height: finished.film.height };
    const [still, sheet] = await Promise.all([this.images.encode(middle, 'webp'), this.images.grid(frames, SPRITE_COLUMNS, 'jpeg')]);
    const put = async (file: keyof typeof FILES, bytes: Uint8Array, mediaType: string) => await this.store.put(key(lease, FILES[file]), bytes, { mediaType, signal });
    const [video, thumbnail, spritesheet] = await Promise.all([
      put('video', finished.mp4, 'video/mp4'),
      put('thumbnail', still, 'image/webp'),
      put('spritesheet', sheet, 'image/jpeg'),
    ]);
    return { video, thumbnail, spritesheet, stageMs: { ...finished.stageMs, store: performance.now() - started } };
  }

  /** Removes whatever an attempt stored. */
  async discard(lease: Lease): Promise<void> {
    await Promise.all(Object.values(FILES).map(async (file) => await this.store.delete(key(lease, file))));
  }
}

function key(lease: Lease, file: string): string {
  return `films/${lease.generationId}/${lease.attempt}/${file}`;
}

function picturesOf(film: Film): readonly Picture[] {
  const bytes = film.width * film.height * 3;
  return Array.from({ length: film.frames }, (_, index) => ({ pixels: film.pixels.subarray(index * bytes, (index + 1) * bytes), width: film.width, height: film.height }));
}
