import type { NamedTensor } from '@gpt4video/ports/model-session';
import { expectFloats } from '../tensor/tensor.js';
import type { FloatTensor } from '../tensor/tensor.js';

/** How the two branches are wired: `joint` as mPLUG-Owl's code, `paper` as the paper's equations (paper §3.2). */
export type AbstractorVariant = 'joint' | 'paper';

/** Queries of each of the two sets in the published models. */
export const PUBLISHED_QUERIES = 64;

/** Visual tokens of one video: one a query, and in the `joint` variant the appended `vit_eos`: 65 or 64 as published. */
export function visualTokenCount(variant: AbstractorVariant, queries = PUBLISHED_QUERIES): number {
  return variant === 'joint' ? queries + 1 : queries;
}

/** Shapes on both sides of an abstractor (bundle.json). */
export interface AbstractorShapes {
  readonly frames: number;
  /** Patch features of a frame, CLS included. */
  readonly patches: number;
  /** Width of a feature. */
  readonly featureWidth: number;
  /** Visual tokens of a video. */
  readonly tokens: number;
  /** Width of the language model's embedding space. */
  readonly width: number;
}

/** The patch features of a batch of videos, `[B, frames, patches, featureWidth]`. Throws `internal` naming expected and found shape. */
export function expectFeatures(tensor: NamedTensor | undefined, { frames, patches, featureWidth }: AbstractorShapes): FloatTensor {
  return expectFloats('features', tensor, ['B', frames, patches, featureWidth]);
}

/** The visual tokens of a batch of videos, `[B, tokens, width]`. Throws `internal` naming expected and found shape. */
export function expectVisualTokens(tensor: NamedTensor | undefined, { tokens, width }: AbstractorShapes): FloatTensor {
  return expectFloats('tokens', tensor, ['B', tokens, width]);
}
