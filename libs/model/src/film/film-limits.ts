import { DomainError } from '@gpt4video/ports/errors';
import type { FilmLimits, FilmSpec } from '@gpt4video/ports/film-model';

/** Largest guidance scale that still makes sense; past it every film is burnt out. */
const MAX_GUIDANCE = 30;

/** Throws `invalid_request` naming the first field that this film model cannot do, and what it can. */
export function checkFilmSpec(spec: FilmSpec, limits: FilmLimits): void {
  const size = `${spec.width}x${spec.height}`;
  const rules: readonly [string, boolean, string][] = [
    ['prompt', spec.caption.trim() !== '', 'must say what to film'],
    ['size', limits.sizes.includes(size), `must be one of ${limits.sizes.join(', ')}, found ${size}`],
    ['steps', isWhole(spec.steps) && spec.steps <= limits.maxSteps, `must be a whole number from 1 to ${limits.maxSteps}, found ${spec.steps}`],
    ['guidance_scale', spec.guidanceScale >= 0 && spec.guidanceScale <= MAX_GUIDANCE, `must be 0 to ${MAX_GUIDANCE}, found ${spec.guidanceScale}`],
    ['frames', spec.frames === limits.frames, `must be ${limits.frames}, found ${spec.frames}`],
    ['fps', spec.fps === limits.fps, `must be ${limits.fps}, found ${spec.fps}`],
    ['seed', Number.isSafeInteger(spec.seed) && spec.seed >= 0, `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, found ${spec.seed}`],
  ];
  for (const [param, fine, expected] of rules) {
    if (!fine) throw new DomainError('invalid_request', `"${param}" ${expected}.`, { param });
  }
}

/** Seconds that a film plays. */
export function filmSeconds({ frames, fps }: Pick<FilmLimits, 'frames' | 'fps'>): number {
  return frames / fps;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
