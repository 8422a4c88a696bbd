import { between, bytesOf, countOf, durationOf, rateOf } from './figures';

describe('figures', () => {
  it('say so when they are not known', () => {
    expect([countOf(null), rateOf(null), durationOf(null), durationOf(between(null, 5))]).toEqual(['–', '–', '–', '–']);
  });

  it('come in the unit that a person would use', () => {
    expect([0, 0.4, 12.6, 1_234, 45_000, 120_000, 5_400_000].map(durationOf)).toEqual(['0', '< 1 ms', '13 ms', '1.2 s', '45 s', '2 min', '1.5 h']);
    expect([bytesOf(12_300), bytesOf(4_560_000), bytesOf(7_200_000_000)]).toEqual(['12 kB', '4.6 MB', '7.2 GB']);
    expect([rateOf(0.24), rateOf(31.4), countOf(1_200)]).toEqual(['0.2', '31', '1,200']);
  });
});
