import { Injectable } from '@nestjs/common';
import { markFilm } from '@gpt4video/model/watermark/mark-film';
import type { Film } from '@gpt4video/ports/film-model';
import { ProvenanceSigner } from '@gpt4video/ports/provenance';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { FilmMark } from './film-mark.js';
import { FilmWorkerSettings } from './film-worker-settings.js';
import { timed } from './timed.js';

/** A film as a file, ready to be passed on. */
export interface MasteredFilm {
  /** H.264 MP4 with a signed manifest. */
  readonly mp4: Uint8Array;
  /** Milliseconds by stage: encode, sign. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Makes films tell where they come from, in their pictures and in their file. Never by the prompt: films are passed on. */
@Injectable()
export class FilmMaster {
  constructor(
    private readonly codec: VideoCodec,
    private readonly signer: ProvenanceSigner,
    private readonly key: FilmMark,
    private readonly settings: FilmWorkerSettings,
  ) {}

  /** The film with an invisible mark in every frame. */
  mark(film: Film): Film {
    const started = performance.now();
    const marked = markFilm(film, this.key);
    return { ...marked, stageMs: { ...film.stageMs, mark: performance.now() - started } };
  }

  /** Encodes and signs under the title. */
  async master(film: Film, title: string, signal: AbortSignal): Promise<MasteredFilm> {
    const { bundleRevision } = this.settings;
    const comment = `AI-generated video. Made by GPT4Video, model bundle ${bundleRevision}.`;
    const { pixels, frames, width, height, fps } = film;
    const encode = await timed(async () => await this.codec.encodeMp4({ pixels, frames, width, height, fps, tags: { comment } }, signal));
    const sign = await timed(async () => await this.signer.sign(encode.value, { title, bundleRevision }, signal));
    return { mp4: sign.value, stageMs: { encode: encode.ms, sign: sign.ms } };
  }
}
