const EXPONENT_BIAS = 15;
const FRACTION_BITS = 10;
const FRACTION = 1 << FRACTION_BITS;

/** Widens IEEE 754 half-precision values, given as their 16-bit patterns, to 32-bit floats; exact. */
export function widenFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, widenOne);
}

/** Widens bfloat16 values, given as their 16-bit patterns, to 32-bit floats; exact. */
export function widenBfloat16(bits: Uint16Array): Float32Array {
  const patterns = Uint32Array.from(bits, (pattern) => pattern << 16);
  return new Float32Array(patterns.buffer);
}

function widenOne(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> FRACTION_BITS) & 0x1f;
  const fraction = pattern & (FRACTION - 1);
  if (exponent === 0) return sign * 2 ** (1 - EXPONENT_BIAS) * (fraction / FRACTION);
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - EXPONENT_BIAS) * (1 + fraction / FRACTION);
}
