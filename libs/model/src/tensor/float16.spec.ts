import { narrowFloat16, widenFloat16 } from './float16.js';

describe('narrowFloat16', () => {
  const patterns = Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern).filter((pattern) => (pattern & 0x7c00) !== 0x7c00 || (pattern & 0x3ff) === 0);

  it('gives back every value that half precision has', () => {
    expect(narrowFloat16(widenFloat16(patterns))).toEqual(patterns);
  });

  it('takes the nearer neighbour, and the even one at the middle', () => {
    const finite = patterns.filter((pattern) => pattern < 0x7bff);
    const values = widenFloat16(finite);
    const above = widenFloat16(finite.map((pattern) => pattern + 1));
    const middles = values.map((value, index) => (value + (above[index] ?? NaN)) / 2);
    expect(narrowFloat16(middles)).toEqual(finite.map((pattern) => pattern + (pattern & 1)));
    const step = (index: number) => (above[index] ?? NaN) - (values[index] ?? NaN);
    expect(narrowFloat16(values.map((value, index) => value + step(index) * 0.49))).toEqual(finite);
    expect(narrowFloat16(values.map((value, index) => value + step(index) * 0.51))).toEqual(finite.map((pattern) => pattern + 1));
  });

  it('keeps signs, infinities and NaN, and makes what is too large infinite', () => {
    expect([...narrowFloat16(Float32Array.of(-0, -2, 65_519, 65_520, -1e9, Infinity))]).toEqual([0x8000, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7c00]);
    expect(widenFloat16(narrowFloat16(Float32Array.of(NaN)))[0]).toBeNaN();
  });
});
