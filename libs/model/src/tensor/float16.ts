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

/** The nearest half-precision values, ties to even, as 16-bit patterns; what is too large becomes infinite. */
export function narrowFloat16(values: Float32Array): Uint16Array {
  const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(values, (value, index) => narrowOne(value, patterns[index] ?? 0));
}

/** From here on a magnitude rounds to infinity: 65520 as a float32 pattern. */
const OVERFLOW = 0x477ff000;
const INFINITE = 0x7f800000;
/** Below 2⁻¹⁴ half precision is subnormal. */
const SUBNORMAL = 0x38800000;
/** The difference of the exponent biases, and just under half of what is cut off. */
const REBIAS = 0xc8000fff;

function narrowOne(value: number, pattern: number): number {
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > INFINITE) return sign | 0x7e00;
  if (magnitude >= OVERFLOW) return sign | 0x7c00;
  // Beside 0.5 the step of a float32 is the step of a half-precision subnormal, so the addition rounds.
  if (magnitude < SUBNORMAL) return sign | ((Math.fround(Math.abs(value) + 0.5) - 0.5) * 2 ** 24);
  return sign | (((magnitude + REBIAS + ((magnitude >>> 13) & 1)) & 0xffffffff) >>> 13);
}

function widenOne(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> FRACTION_BITS) & 0x1f;
  const fraction = pattern & (FRACTION - 1);
  if (exponent === 0) return sign * 2 ** (1 - EXPONENT_BIAS) * (fraction / FRACTION);
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * 2 ** (exponent - EXPONENT_BIAS) * (1 + fraction / FRACTION);
}
