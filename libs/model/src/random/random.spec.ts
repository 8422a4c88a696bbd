import { readFileSync } from 'node:fs';
import { gaussian } from './gaussian.js';
import { createRandom } from './random.js';

interface Golden {
  readonly cases: readonly { readonly seed: number; readonly uint32: number[]; readonly float: number[]; readonly gaussian: number[] }[];
}

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/random.json', import.meta.url), 'utf8')) as Golden;

describe('createRandom', () => {
  it.each(cases)('seed $seed draws as the reference', ({ seed, uint32, float }) => {
    const whole = createRandom(seed);
    expect(uint32.map(() => whole.uint32())).toEqual(uint32);
    const random = createRandom(seed);
    expect(float.map(() => random.float())).toEqual(float);
  });

  it.each([1.5, NaN, Infinity, 2 ** 60])('refuses the seed %d', (seed) => expect(() => createRandom(seed)).toThrow('A seed is a whole number'));

  it('spreads evenly over [0, 1)', () => {
    const random = createRandom(7);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      const bin = Math.floor(random.float() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

describe('gaussian', () => {
  it.each(cases)('seed $seed draws as the reference', ({ seed, gaussian: expected }) => {
    gaussian(createRandom(seed), expected.length).forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 6));
  });

  it('has mean 0 and variance 1', () => {
    const values = gaussian(createRandom(3), 50_001);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });
});
