import { widenFloat16 } from '../tensor/float16.js';
import { BLOCK, BLOCK_BYTES } from './gguf.js';

/**
 * A Q4_1 matrix taken apart without loss: value = `scale` × nibble + `minimum`, block by block along a row.
 * `nibbles` are `[rows, blocks, 16]`, two consecutive values to a byte, low half first (MatMulNBits's order).
 */
export interface NibbleMatrix {
  readonly rows: number;
  readonly blocks: number;
  readonly scales: Float32Array;
  readonly minimums: Float32Array;
  readonly nibbles: Uint8Array;
}

/** A Q8_0 matrix: value = `scale` × signed byte; `scales` `[rows, blocks]`, `values` `[rows, blocks, 32]`. */
export interface ByteMatrix {
  readonly rows: number;
  readonly blocks: number;
  readonly scales: Float32Array;
  readonly values: Int8Array;
}

const HALF = BLOCK / 2;
let halves: Float32Array | undefined;

/** Takes Q4_1 blocks apart. `data` holds `rows × columns / 32` blocks of 20 bytes. */
export function readQ4(data: Uint8Array, rows: number, columns: number): NibbleMatrix {
  const blocks = columns / BLOCK;
  const count = rows * blocks;
  const result = { rows, blocks, scales: new Float32Array(count), minimums: new Float32Array(count), nibbles: new Uint8Array(count * HALF) };
  for (let block = 0; block < count; block += 1) {
    const start = block * BLOCK_BYTES.Q4_1;
    result.scales[block] = halfAt(data, start);
    result.minimums[block] = halfAt(data, start + 2);
    repack(data.subarray(start + 4, start + BLOCK_BYTES.Q4_1), result.nibbles.subarray(block * HALF, (block + 1) * HALF));
  }
  return result;
}

/** Takes Q8_0 blocks apart. `data` holds `rows × columns / 32` blocks of 34 bytes. */
export function readQ8(data: Uint8Array, rows: number, columns: number): ByteMatrix {
  const blocks = columns / BLOCK;
  const count = rows * blocks;
  const scales = new Float32Array(count);
  const values = new Uint8Array(count * BLOCK);
  for (let block = 0; block < count; block += 1) {
    const start = block * BLOCK_BYTES.Q8_0;
    scales[block] = halfAt(data, start);
    values.set(data.subarray(start + 2, start + BLOCK_BYTES.Q8_0), block * BLOCK);
  }
  return { rows, blocks, scales, values: new Int8Array(values.buffer) };
}

/** ggml keeps value j in the low half of byte j and value j + 16 in its high half; the runtime keeps neighbours together. */
function repack(source: Uint8Array, target: Uint8Array): void {
  for (let index = 0; index < HALF / 2; index += 1) {
    const first = source[2 * index] ?? 0;
    const second = source[2 * index + 1] ?? 0;
    target[index] = (first & 0x0f) | ((second & 0x0f) << 4);
    target[index + HALF / 2] = (first >> 4) | (second & 0xf0);
  }
}

function halfAt(data: Uint8Array, position: number): number {
  halves ??= widenFloat16(Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern));
  return halves[(data[position] ?? 0) | ((data[position + 1] ?? 0) << 8)] ?? NaN;
}
