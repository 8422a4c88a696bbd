import type { NibbleMatrix } from './quantised-blocks.js';

/**
 * Undoes llama.cpp's interleaving of rotary pairs: row `2i + j` of a head goes back to row `j × half + i`,
 * the rotate-half order that Hugging Face weights, adapters and `GroupQueryAttention` use.
 */
export function unpermuteRows(matrix: NibbleMatrix, heads: number): NibbleMatrix {
  const headRows = matrix.rows / heads;
  const half = headRows / 2;
  const order = Array.from({ length: matrix.rows }, (_, row) => {
    const inHead = row % headRows;
    return row - inHead + 2 * (inHead % half) + Math.floor(inHead / half);
  });
  return selectRows(matrix, order);
}

/** One matrix above the other; all have the same number of blocks. */
export function stackRows(matrices: readonly NibbleMatrix[]): NibbleMatrix {
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const blocks = matrices[0]?.blocks ?? 0;
  const result = empty(rows, blocks);
  let row = 0;
  for (const matrix of matrices) {
    result.scales.set(matrix.scales, row * blocks);
    result.minimums.set(matrix.minimums, row * blocks);
    result.nibbles.set(matrix.nibbles, row * blocks * BYTES);
    row += matrix.rows;
  }
  return result;
}

/** Bytes of one block's nibbles. */
const BYTES = 16;

function selectRows(matrix: NibbleMatrix, order: readonly number[]): NibbleMatrix {
  const { rows, blocks } = matrix;
  const result = empty(rows, blocks);
  order.forEach((from, to) => {
    result.scales.set(matrix.scales.subarray(from * blocks, (from + 1) * blocks), to * blocks);
    result.minimums.set(matrix.minimums.subarray(from * blocks, (from + 1) * blocks), to * blocks);
    result.nibbles.set(matrix.nibbles.subarray(from * blocks * BYTES, (from + 1) * blocks * BYTES), to * blocks * BYTES);
  });
  return result;
}

function empty(rows: number, blocks: number): NibbleMatrix {
  const count = rows * blocks;
  return { rows, blocks, scales: new Float32Array(count), minimums: new Float32Array(count), nibbles: new Uint8Array(count * BYTES) };
}
