import { widenBfloat16, widenFloat16 } from '../tensor/float16.js';
import { dequantise, emptyBlocks } from './block-matrix.js';
import type { BlockMatrix } from './block-matrix.js';
import type { GgufType } from './gguf-types.js';

/** A matrix of a checkpoint, read by rows when it is needed. */
export interface StoredMatrix {
  readonly type: GgufType;
  readonly rows: number;
  readonly columns: number;
  /** The stored bytes of rows `from` inclusive to `to` exclusive. */
  read(from: number, to: number): Uint8Array;
}

/** Bytes read at once. */
const PIECE = 1 << 26;

/** The matrix's bytes in pieces of bounded size, each with the number of its rows. */
export function* rowPieces({ type, rows, columns, read }: StoredMatrix): Generator<{ readonly from: number; readonly rows: number; readonly bytes: Uint8Array }> {
  const rowBytes = (columns / type.values) * type.bytes;
  const step = Math.max(1, Math.floor(PIECE / rowBytes));
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    yield { from, rows: to - from, bytes: read(from, to) };
  }
}

/** The rows as float32, in pieces of bounded size; exact for every stored type. */
export function* floatPieces(matrix: StoredMatrix): Generator<{ readonly from: number; readonly rows: number; readonly values: Float32Array }> {
  for (const { from, rows, bytes } of rowPieces(matrix)) yield { from, rows, values: floatsOf(matrix, rows, bytes) };
}

/** Takes quantised matrices apart without loss, one above the other. All have one type and width. */
export function stackBlocks(matrices: readonly StoredMatrix[]): BlockMatrix {
  const [{ type, columns }] = matrices as readonly [StoredMatrix];
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  if (type.blocks === undefined) throw new RangeError(`${type.name} has no blocks`);
  const result = emptyBlocks(type.blocks.form, rows, columns);
  let block = 0;
  for (const matrix of matrices) for (const { bytes } of rowPieces(matrix)) block = readUnits(type, bytes, result, block);
  return result;
}

/**
 * Undoes llama.cpp's interleaving of rotary pairs: row `2i + j` of a head goes back to row `j × half + i`,
 * the rotate-half order that Hugging Face weights, adapters and the graph use.
 */
export function unpermuteRows(matrix: StoredMatrix, heads: number): StoredMatrix {
  const headRows = matrix.rows / heads;
  const read = (from: number, to: number): Uint8Array => {
    const first = from - (from % headRows);
    const source = matrix.read(first, Math.ceil(to / headRows) * headRows);
    const rowBytes = (matrix.columns / matrix.type.values) * matrix.type.bytes;
    const result = new Uint8Array((to - from) * rowBytes);
    for (let row = from; row < to; row += 1) {
      const place = (row - (row % headRows) - first + storedPlace(row % headRows, headRows / 2)) * rowBytes;
      result.set(source.subarray(place, place + rowBytes), (row - from) * rowBytes);
    }
    return result;
  };
  return { ...matrix, read };
}

function storedPlace(row: number, half: number): number {
  return 2 * (row % half) + Math.floor(row / half);
}

function floatsOf({ type, columns }: StoredMatrix, rows: number, bytes: Uint8Array): Float32Array {
  if (type.name === 'F32') return new Float32Array(bytes.buffer);
  if (type.name === 'F16') return widenFloat16(new Uint16Array(bytes.buffer));
  if (type.blocks === undefined) return widenBfloat16(new Uint16Array(bytes.buffer));
  const blocks = emptyBlocks(type.blocks.form, rows, columns);
  readUnits(type, bytes, blocks, 0);
  return dequantise(blocks);
}

/** Returns the number of the block after the last one read. */
function readUnits({ values, bytes: unitBytes, blocks }: GgufType, data: Uint8Array, target: BlockMatrix, first: number): number {
  let block = first;
  for (let start = 0; start < data.length; start += unitBytes) {
    blocks?.read(data, start, target, block);
    block += values / target.form.block;
  }
  return block;
}
