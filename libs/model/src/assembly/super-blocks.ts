import { halfAt } from './block-reader.js';
import type { BlockReader } from './block-reader.js';

/** Values that share a scale in Q4_K and Q5_K. */
const GROUP = 32;
const GROUPS = 8;
const SCALES_AT = 4;
const BODY_AT = 16;
const NIBBLE_ZERO = 8;
const FIVE_ZERO = 16;
const BYTE_ZERO = 128;

/** Q4_K, 256 values: a scale and a minimum for each 32, themselves 6-bit multiples of two half floats. value = scale × nibble − minimum. */
export const fourBitsK: BlockReader = (data, start, { quants, scales, offsets }, block) => {
  for (let group = 0; group < GROUPS; group += 1) {
    const { scale, minimum } = scaleOf(data, start, group);
    scales[block + group] = scale;
    offsets[block + group] = NIBBLE_ZERO * scale - minimum;
    // Two groups share 32 bytes: one has the low halves, the other the high.
    const body = start + BODY_AT + (group >> 1) * GROUP;
    const shift = 4 * (group & 1);
    for (let pair = 0; pair < GROUP / 2; pair += 1) {
      const first = ((data[body + 2 * pair] ?? 0) >> shift) & 15;
      const second = ((data[body + 2 * pair + 1] ?? 0) >> shift) & 15;
      quants[(block + group) * (GROUP / 2) + pair] = first | (second << 4);
    }
  }
};

/** Q5_K, 256 values: as Q4_K, with the fifth bit of value j of group g in bit g of byte j of 32 bytes before the nibbles. */
export const fiveBitsK: BlockReader = (data, start, { quants, scales, offsets }, block) => {
  for (let group = 0; group < GROUPS; group += 1) {
    const { scale, minimum } = scaleOf(data, start, group);
    scales[block + group] = scale;
    offsets[block + group] = FIVE_ZERO * scale - minimum;
    const body = start + BODY_AT + GROUP + (group >> 1) * GROUP;
    for (let index = 0; index < GROUP; index += 1) {
      const nibble = ((data[body + index] ?? 0) >> (4 * (group & 1))) & 15;
      const fifth = ((data[start + BODY_AT + index] ?? 0) >> group) & 1;
      quants[(block + group) * GROUP + index] = (nibble | (fifth << 4)) - FIVE_ZERO + BYTE_ZERO;
    }
  }
};

/** Q6_K, 256 values: low four bits, high two bits, a signed byte of scale for each 16, one half float for all. value = scale × (quant − 32). */
export const sixBitsK: BlockReader = (data, start, { quants, scales }, block) => {
  const high = start + 128;
  const scalesAt = start + 192;
  const factor = halfAt(data, start + 208);
  for (let group = 0; group < 16; group += 1) scales[block + group] = factor * (((data[scalesAt + group] ?? 0) << 24) >> 24);
  for (let index = 0; index < 256; index += 1) {
    // Each half of 128 values is laid out as four quarters of 32 that share bytes.
    const half = index >> 7;
    const quarter = (index >> 5) & 3;
    const at = index & 31;
    const low = ((data[start + 64 * half + 32 * (quarter & 1) + at] ?? 0) >> (4 * (quarter >> 1))) & 15;
    const top = ((data[high + 32 * half + at] ?? 0) >> (2 * quarter)) & 3;
    quants[block * 16 + index] = (low | (top << 4)) - 32 + BYTE_ZERO;
  }
};

/** Eight 6-bit scales and minimums in twelve bytes: the last four of each have their upper two bits in the bytes of the first four. */
function scaleOf(data: Uint8Array, start: number, group: number): { scale: number; minimum: number } {
  const at = (index: number): number => data[start + SCALES_AT + index] ?? 0;
  const scale = group < 4 ? at(group) & 63 : (at(group + 4) & 15) | ((at(group - 4) >> 6) << 4);
  const minimum = group < 4 ? at(group + 4) & 63 : (at(group + 4) >> 4) | ((at(group) >> 6) << 4);
  return { scale: halfAt(data, start) * scale, minimum: halfAt(data, start + 2) * minimum };
}
