import { DomainError } from '@gpt4video/ports/errors';
import { decodeSafetensors, requireTensor } from '../tensor/safetensors.js';
import { transpose } from './block-matrix.js';
import type { LlamaConfig } from './llama-config.js';

/** Low-rank updates of one projection: `down` `[width, rank]`, `up` `[rank, rows]`; the projection gains x · down · up. */
export interface LoraFactors {
  readonly rank: number;
  readonly rows: number;
  readonly down: Float32Array;
  readonly up: Float32Array;
}

/** The update of one layer's query and value projections. */
export interface LoraLayer {
  readonly query: LoraFactors;
  readonly value: LoraFactors;
}

/**
 * Reads an adapter: `layers.{i}.{q_proj,v_proj}.lora_A` `[rank, width]` and `lora_B` `[rows, rank]`, the scale folded into B.
 * Throws `artifact_corrupt` naming the tensor, what was expected and what was found.
 */
export function readLoraAdapter(bytes: Uint8Array, config: LlamaConfig): readonly LoraLayer[] {
  const tensors = decodeSafetensors(bytes);
  const factors = (prefix: string, rows: number): LoraFactors => {
    const rank = requireTensor(tensors, `${prefix}.lora_A`).shape[0] ?? 0;
    const matrix = (part: string, shape: readonly [number, number]) => {
      const tensor = requireTensor(tensors, `${prefix}.${part}`);
      if (tensor.data instanceof Float32Array && tensor.shape.join() === shape.join()) return transpose(tensor.data, ...shape);
      throw new DomainError('artifact_corrupt', `Adapter tensor ${prefix}.${part}: expected float32 [${shape.join(', ')}], found [${tensor.shape.join(', ')}]. Export the adapter for this base model.`);
    };
    return { rank, rows, down: matrix('lora_A', [rank, config.width]), up: matrix('lora_B', [rows, rank]) };
  };
  return Array.from({ length: config.layers }, (_, layer) => ({
    query: factors(`layers.${layer}.q_proj`, config.heads * config.headWidth),
    value: factors(`layers.${layer}.v_proj`, config.kvHeads * config.headWidth),
  }));
}
