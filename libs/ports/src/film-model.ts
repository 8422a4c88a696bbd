import type { Execution } from './execution.js';

/** What to film. */
export interface FilmSpec {
  readonly caption: string;
  readonly negativePrompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
}

/** A finished film, before encoding. */
export interface Film {
  /** `[frames, height, width, 3]` RGB bytes. */
  readonly pixels: Uint8Array;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Milliseconds by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Progress of a film. */
export interface FilmProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
}

/** A text-to-video model of the gallery (paper §3.4). Same spec → same pixels on one machine. */
export abstract class FilmModel {
  /** Name and limits, for `/v1/models` and validation. */
  abstract readonly limits: FilmLimits;
  /** What computes it. */
  abstract readonly execution: Execution;

  /** Films the caption; calls `onStep` after each denoising step; stops at a step boundary with `cancelled` when the signal fires. */
  abstract film(spec: FilmSpec, onStep: (progress: FilmProgress) => void, signal: AbortSignal): Promise<Film>;
}

/** What a film model can do. */
export interface FilmLimits {
  readonly sizes: readonly string[];
  readonly maxSteps: number;
  readonly frames: number;
  readonly fps: number;
  readonly defaults: { readonly steps: number; readonly guidanceScale: number };
  /** Most text tokens that are read. */
  readonly captionTokens: number;
}
