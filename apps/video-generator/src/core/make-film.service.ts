import { Injectable } from '@nestjs/common';
import type { OwnThresholds } from '@gpt4video/model/safety/own-thresholds';
import { uniformIndices } from '@gpt4video/model/frames/uniform-sampling';
import { resample, type RgbImage } from '@gpt4video/model/tensor/resample';
import { DomainError } from '@gpt4video/ports/errors';
import { FilmModel, type Film, type FilmProgress, type FilmSpec } from '@gpt4video/ports/film-model';
import { FilmMaster } from './film-master.js';
import { FilmObserver } from './film-observer.js';
import { FilmScreen, type FilmSample } from './film-screen.js';
import { timed } from './timed.js';

/** A film to make. */
export interface FilmOrder {
  readonly spec: FilmSpec;
  /** Name of the file in its manifest. */
  readonly title: string;
  /** Thresholds of the tenant's own, for the film's screening. */
  readonly own?: OwnThresholds | undefined;
}

/** A film that passed screening, as a file. */
export interface FinishedFilm {
  readonly film: Film;
  /** H.264 MP4 with a signed manifest. */
  readonly mp4: Uint8Array;
  /** Milliseconds by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
}

// The screening rule judges ten frames; more would not fit into one message at 576 × 320.
const SCREENED_FRAMES = 10;
// What the detector looks at; larger frames would only travel further, smaller ones are sent as they are.
const SCREENED_SIZE = 256;

/** Caption → marked frames → screening → signed MP4. */
@Injectable()
export class MakeFilmService {
  constructor(
    private readonly model: FilmModel,
    private readonly screen: FilmScreen,
    private readonly master: FilmMaster,
    private readonly observer: FilmObserver,
  ) {}

  /**
   * Films, screens and masters; stops at a denoising step with `cancelled` when the signal fires.
   * Throws `content_blocked` with the category when the frames are refused, `screening_unavailable` when nobody could
   * decide, `invalid_request` when the model cannot film the spec.
   */
  async make({ spec, title, own }: FilmOrder, onStep: (progress: FilmProgress) => void, signal: AbortSignal): Promise<FinishedFilm> {
    // What is screened is what people get.
    const film = this.master.mark(await this.model.film(spec, onStep, signal));
    const screen = await timed(async () => await this.check(film, own, signal));
    const mastered = await this.master.master(film, title, signal);
    const stageMs = { ...film.stageMs, screen: screen.ms, ...mastered.stageMs };
    this.observer.filmed(film.frames, stageMs);
    return { film, mp4: mastered.mp4, stageMs };
  }

  private async check(film: Film, own: OwnThresholds | undefined, signal: AbortSignal): Promise<void> {
    const decision = await this.screen.screen(sampleOf(film), own, signal);
    if (decision.allowed) return;
    throw new DomainError('content_blocked', 'The finished film did not pass screening, so it is not delivered; ask for something else.', { verdict: decision });
  }
}

function sampleOf(film: Film): FilmSample {
  const indices = uniformIndices(film.frames, SCREENED_FRAMES);
  const pictures = indices.map((frame) => smallEnough(frameOf(film, frame)));
  const { width = film.width, height = film.height } = pictures[0] ?? {};
  const pixels = new Uint8Array(pictures.length * width * height * 3);
  pictures.forEach((picture, row) => pixels.set(picture.pixels, row * width * height * 3));
  return { pixels, width, height, timestampsMs: indices.map((frame) => Math.round((frame * 1000) / film.fps)) };
}

function frameOf({ pixels, width, height }: Film, frame: number): RgbImage {
  const bytes = width * height * 3;
  return { pixels: pixels.subarray(frame * bytes, (frame + 1) * bytes), width, height };
}

function smallEnough(picture: RgbImage): RgbImage {
  if (picture.width <= SCREENED_SIZE && picture.height <= SCREENED_SIZE) return picture;
  return resample(picture, { width: SCREENED_SIZE, height: SCREENED_SIZE }, 'bilinear');
}
