import type { LlamaConfig } from './llama-config.js';
import type { StoredMatrix } from './stored-matrix.js';

/** The matrices of a layer. Query and key come in rotate-half order, whatever the file's. */
export type LayerMatrix = 'query' | 'key' | 'value' | 'output' | 'gate' | 'up' | 'down';

/**
 * A LLaMA-architecture model on disk: where each weight is, whatever the format.
 * Getters throw `artifact_corrupt` naming file, tensor, expected and found.
 */
export interface LlamaCheckpoint {
  /** What messages call it. */
  readonly name: string;
  readonly config: LlamaConfig;
  /** `[vocabulary, width]`. */
  embeddings(): StoredMatrix;
  /** `[vocabulary, width]`; the embeddings where the model ties them. */
  head(): StoredMatrix;
  layer(index: number, matrix: LayerMatrix): StoredMatrix;
  /** Gain of a layer's normalisation, or of the last one. */
  norm(place: { readonly layer: number; readonly before: 'attention' | 'feed-forward' } | 'last'): Float32Array;
}

/** `[rows, columns]` of a layer's matrix. */
export function matrixShape({ width, heads, kvHeads, headWidth, feedForward }: LlamaConfig, matrix: LayerMatrix): readonly [rows: number, columns: number] {
  const shapes = {
    query: [heads * headWidth, width],
    key: [kvHeads * headWidth, width],
    value: [kvHeads * headWidth, width],
    output: [width, heads * headWidth],
    gate: [feedForward, width],
    up: [feedForward, width],
    down: [width, feedForward],
  } as const;
  return shapes[matrix];
}
