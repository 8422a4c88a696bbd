import type { FilmLimits } from '@gpt4video/ports/film-model';

/** What screening goes by. */
export interface SafetyPolicy {
  readonly policyVersion: string;
  /** Score from which a text is refused, by category, 0 to 1. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Score from which a frame is flagged. */
  readonly frameThreshold: number;
}

/** What a client may know of a loaded bundle. */
export interface ModelCard {
  /** Name of the bundle, the `model` of requests. */
  readonly id: string;
  /** First 12 hexadecimal digits of the manifest's SHA-256. */
  readonly revision: string;
  /** Most tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Tokens that one video takes of the context. */
  readonly tokensPerVideo: number;
  /** Sampling where a request says nothing. */
  readonly sampling: { readonly temperature: number; readonly topP: number; readonly repetitionPenalty: number; readonly maxTokens: number };
  readonly film: FilmLimits;
  /** The policy of screening. */
  readonly safety: SafetyPolicy;
  /** Bytes of each part of the bundle. */
  readonly parts: Readonly<Record<string, number>>;
}

/** The bundles that are served. */
export abstract class ModelCatalog {
  /** The first is the default. */
  abstract list(): readonly ModelCard[];
}
