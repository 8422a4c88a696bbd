const GOLDEN_STEP = 0x9e3779b9;
const FRACTIONS = 2 ** 24;

/** Values lie in `centre` ± `scale`. */
export interface Spread {
  readonly scale: number;
  readonly centre?: number;
}

/**
 * The values of a tensor that two programs must share without a file: a function of its name, the position and the spread alone,
 * rounded to float32 once. training/parity/weights.py computes the same bits.
 */
export function generatedValues(name: string, count: number, { scale, centre = 0 }: Spread): Float32Array {
  const start = fnv1a(name);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 1) values[index] = centre + (fraction(start, index) - 0.5) * 2 * scale;
  return values;
}

/** Whole numbers from 0 to `below` − 1, by the same rule. */
export function generatedIds(name: string, count: number, below: number): BigInt64Array {
  const start = fnv1a(name);
  return BigInt64Array.from({ length: count }, (_, index) => BigInt(Math.floor(fraction(start, index) * below)));
}

/** A multiple of 2⁻²⁴ in [0, 1). */
function fraction(start: number, index: number): number {
  return (mix((start + Math.imul(index, GOLDEN_STEP)) | 0) >>> 8) / FRACTIONS;
}

/** MurmurHash3's finaliser. */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** FNV-1a over the name's UTF-8 bytes. */
function fnv1a(name: string): number {
  return new TextEncoder().encode(name).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5 | 0);
}
