import { DomainError } from '@gpt4video/ports/errors';
import type { FilmLimits, FilmSpec } from '@gpt4video/ports/film-model';

/** What a person may say about a film; the rest comes from the model. */
export interface FilmOptions {
  /** `{width}x{height}`. */
  readonly size?: string;
  readonly seconds?: number;
  readonly fps?: number;
  readonly frames?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly guidanceScale?: number;
  readonly negativePrompt?: string;
}

/** Names of the options as the request spells them, for errors. */
export type OptionNames = Readonly<Record<'size' | 'seconds' | 'fps' | 'frames' | 'steps', string>>;

/** Fills options up from the model's limits. Throws `invalid_request` naming the option that the model cannot do. */
export function toFilmSpec(caption: string, options: FilmOptions & { readonly seed: number }, limits: FilmLimits, names: OptionNames): FilmSpec {
  const size = options.size ?? limits.sizes[0] ?? '';
  if (!limits.sizes.includes(size)) throw refuse(names.size, size, `choose one of ${limits.sizes.join(', ')}`);
  const { fps, frames } = limits;
  const seconds = frames / fps;
  if (options.fps !== undefined && options.fps !== fps) throw refuse(names.fps, options.fps, `this model films at ${fps}`);
  if (options.frames !== undefined && options.frames !== frames) throw refuse(names.frames, options.frames, `this model films ${frames}`);
  if (options.seconds !== undefined && options.seconds !== seconds) throw refuse(names.seconds, options.seconds, `this model films ${seconds}`);
  const steps = options.steps ?? limits.defaults.steps;
  if (steps > limits.maxSteps) throw refuse(names.steps, steps, `give 1 to ${limits.maxSteps}`);
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { caption, negativePrompt: options.negativePrompt ?? '', seed: options.seed, steps, guidanceScale: options.guidanceScale ?? limits.defaults.guidanceScale, width, height, frames, fps };
}

function refuse(param: string, value: string | number, remedy: string): DomainError {
  return new DomainError('invalid_request', `"${param}" is ${JSON.stringify(value)}, which the model cannot do; ${remedy}.`, { param });
}
