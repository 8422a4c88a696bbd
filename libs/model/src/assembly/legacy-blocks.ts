import { halfAt } from './block-reader.js';
import type { BlockReader } from './block-reader.js';

const HALF = 16;
const NIBBLE_ZERO = 8;
/** The middle of five bits: quants around zero lose least when the other factor is rounded. */
const FIVE_ZERO = 16;
const BYTE_ZERO = 128;

/** Q4_0 (scale; value = scale × (nibble − 8)) and Q4_1 (scale and minimum; value = scale × nibble + minimum), 32 values. */
export function fourBits(minimum: boolean): BlockReader {
  return (data, start, { quants, scales, offsets }, block) => {
    const scale = halfAt(data, start);
    scales[block] = scale;
    if (minimum) offsets[block] = halfAt(data, start + 2) + NIBBLE_ZERO * scale;
    repackNibbles(data, start + (minimum ? 4 : 2), quants, block * HALF);
  };
}

/** Q5_0 (value = scale × (quant − 16)) and Q5_1 (value = scale × quant + minimum): the fifth bits are a 32-bit number. */
export function fiveBits(minimum: boolean): BlockReader {
  return (data, start, { quants, scales, offsets }, block) => {
    const scale = halfAt(data, start);
    scales[block] = scale;
    if (minimum) offsets[block] = halfAt(data, start + 2) + FIVE_ZERO * scale;
    const high = start + (minimum ? 4 : 2);
    const low = high + 4;
    for (let index = 0; index < 2 * HALF; index += 1) {
      const nibble = ((data[low + (index % HALF)] ?? 0) >> (index < HALF ? 0 : 4)) & 15;
      const fifth = ((data[high + (index >> 3)] ?? 0) >> (index & 7)) & 1;
      quants[block * 2 * HALF + index] = (nibble | (fifth << 4)) - FIVE_ZERO + BYTE_ZERO;
    }
  };
}

/** Q8_0: value = scale × signed byte. */
export const eightBits: BlockReader = (data, start, { quants, scales }, block) => {
  scales[block] = halfAt(data, start);
  for (let index = 0; index < 2 * HALF; index += 1) quants[block * 2 * HALF + index] = (data[start + 2 + index] ?? 0) ^ BYTE_ZERO;
};

/** ggml keeps value j in the low half of byte j and value j + 16 in its high half; the runtime keeps neighbours together. */
function repackNibbles(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  for (let index = 0; index < HALF / 2; index += 1) {
    const first = source[from + 2 * index] ?? 0;
    const second = source[from + 2 * index + 1] ?? 0;
    target[to + index] = (first & 0x0f) | ((second & 0x0f) << 4);
    target[to + index + HALF / 2] = (first >> 4) | (second & 0xf0);
  }
}
