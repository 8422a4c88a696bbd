import type { Execution } from './execution.js';

/** One piece of a prompt: token ids, or vectors already in the model's embedding space. */
export type PromptPiece =
  | { readonly kind: 'tokens'; readonly ids: readonly number[] }
  | { readonly kind: 'vectors'; /** `[count, width]` */ readonly vectors: Float32Array; readonly count: number; /** Content hash, for the prefix cache. */ readonly sha256: string };

/** How the next token is chosen. */
export interface SamplingOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  /** 0 < topP ≤ 1. */
  readonly topP: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** 1 leaves logits alone. */
  readonly repetitionPenalty: number;
  readonly seed: number;
}

/** One generation by the language model. */
export interface GenerateRequest {
  readonly prompt: readonly PromptPiece[];
  readonly sampling: SamplingOptions;
  readonly maxTokens: number;
  /** Ids that end the answer, not part of it. */
  readonly stopIds: readonly number[];
}

/** A generated token, or the end. */
export type GenerateEvent =
  | { readonly kind: 'token'; readonly id: number }
  | { readonly kind: 'end'; readonly reason: 'stop' | 'length'; readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number; readonly firstTokenMs: number; readonly totalMs: number };

/** A causal language model that accepts spliced vectors. Same request and seed → same tokens. */
export abstract class LanguageModel {
  /** Width of a vector in the embedding space. */
  abstract readonly width: number;
  /** Most tokens of prompt and answer together. */
  abstract readonly contextTokens: number;
  /** What computes it. */
  abstract readonly execution: Execution;

  /**
   * Generates token by token; the caller pulls. Returning early or firing the signal stops the work at the next token.
   * Throws `context_length_exceeded` when the prompt does not fit, `overloaded` when the queue is full, `cancelled` on abort.
   */
  abstract generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;

  /** Frees the model. */
  abstract close(): Promise<void>;
}
