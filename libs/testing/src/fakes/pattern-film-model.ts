import { DomainError } from '@gpt4video/ports/errors';
import { type Film, type FilmLimits, FilmModel, type FilmProgress, type FilmSpec } from '@gpt4video/ports/film-model';

/** A film model that paints: each frame one colour, made of the seed, the caption and the frame's number. Same spec, same pixels. */
export class PatternFilmModel extends FilmModel {
  override readonly execution = { provider: 'cpu' } as const;
  /** Every spec that was begun, in order. */
  readonly specs: FilmSpec[] = [];

  constructor(
    override readonly limits: FilmLimits,
    /** Awaited before each step, so that a test can hold or cancel the work. */
    private readonly beforeStep: (step: number) => Promise<void> = () => Promise.resolve(),
  ) {
    super();
  }

  override async film(spec: FilmSpec, onStep: (progress: FilmProgress) => void, signal: AbortSignal): Promise<Film> {
    this.specs.push(spec);
    for (let step = 1; step <= spec.steps; step += 1) {
      await this.beforeStep(step);
      if (signal.aborted) throw new DomainError('cancelled', 'The film was cancelled.');
      onStep({ step, steps: spec.steps });
    }
    const { frames, width, height, fps } = spec;
    const size = width * height * 3;
    const pixels = new Uint8Array(frames * size);
    const tint = [...spec.caption].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 251, spec.seed % 251);
    for (let frame = 0; frame < frames; frame += 1) {
      for (let at = 0; at < size; at += 1) pixels[frame * size + at] = (tint * (1 + (at % 3)) + frame * 8) % 256;
    }
    return { pixels, frames, width, height, fps, stageMs: { denoise: 1, decode: 1 } };
  }
}
