import type { SolverName } from '@gpt4video/model/assembly/scheduler-config';
import { DomainError } from '@gpt4video/ports/errors';
import type { ImportSettings } from './slot-importer.js';

/** What a diffusers folder does not say of the films to be made. */
export interface FilmSettings {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  /** Undefined: the one that the folder's scheduler names. */
  readonly solver: SolverName | undefined;
}

/** ZeroScope v2 576w: what it was trained for. */
const DEFAULTS = { filmSize: '576x320', filmFrames: '24', filmFps: '8' } as const;

/** Reads the settings, ZeroScope's where none are given; `scale` is the number of pixels that one latent becomes. Throws `invalid_request` naming the option. */
export function readFilmSettings(settings: ImportSettings, scale: number): FilmSettings {
  const { filmSize = DEFAULTS.filmSize, filmFrames = DEFAULTS.filmFrames, filmFps = DEFAULTS.filmFps, filmSolver } = settings;
  const [, width = 0, height = 0] = (/^(\d{1,5})x(\d{1,5})$/.exec(filmSize) ?? []).map(Number);
  if (width < scale || height < scale || width % scale !== 0 || height % scale !== 0) throw refused('film-size', `WIDTHxHEIGHT in multiples of ${scale}`, filmSize);
  if (filmSolver !== undefined && filmSolver !== 'ddim' && filmSolver !== 'dpmsolver++') throw refused('film-solver', 'ddim or dpmsolver++', filmSolver);
  return { width, height, frames: count('film-frames', filmFrames), fps: count('film-fps', filmFps), solver: filmSolver };
}

function count(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw refused(option, 'a whole number from 1 to 9999', text);
}

function refused(option: string, expected: string, found: string): DomainError {
  return new DomainError('invalid_request', `--${option}: expected ${expected}, found "${found}".`, { param: option });
}
