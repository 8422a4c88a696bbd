import { Injectable } from '@nestjs/common';
import type { Film } from '@gpt4video/ports/film-model';
import { Provenance } from '@gpt4video/ports/provenance';
import { VideoCodec } from '@gpt4video/ports/video-codec';
import { FilmWorkerSettings } from './film-worker-settings.js';
import { timed } from './timed.js';

/** A film as a file, ready to be passed on. */
export interface MasteredFilm {
  /** H.264 MP4 with a signed manifest. */
  readonly mp4: Uint8Array;
  /** Milliseconds by stage: encode, sign. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Turns pictures into a file that says where it comes from. It names the model, never the prompt: files are passed on. */
@Injectable()
export class FilmMaster {
  constructor(
    private readonly codec: VideoCodec,
    private readonly provenance: Provenance,
    private readonly settings: FilmWorkerSettings,
  ) {}

  /** Encodes and signs under the title. */
  async master(film: Film, title: string, signal: AbortSignal): Promise<MasteredFilm> {
    const { bundleRevision } = this.settings;
    const comment = `AI-generated video. Made by GPT4Video, model bundle ${bundleRevision}.`;
    const { pixels, frames, width, height, fps } = film;
    const encode = await timed(async () => await this.codec.encodeMp4({ pixels, frames, width, height, fps, tags: { comment } }, signal));
    const sign = await timed(async () => await this.provenance.sign(encode.value, { title, bundleRevision }, signal));
    return { mp4: sign.value, stageMs: { encode: encode.ms, sign: sign.ms } };
  }
}
