import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { uniformIndices } from './uniform-sampling.js';

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/frame-sampling.json', import.meta.url), 'utf8')) as { cases: [number, number, number[]][] };

describe('uniformIndices', () => {
  it.each([
    [1, [0, 0, 0, 0]],
    [2, [0, 0, 0, 1]],
    [5, [0, 1, 2, 3]],
    [16, [1, 5, 9, 12]],
    [100, [12, 37, 62, 86]],
    [240, [29, 89, 149, 208]],
    [300, [37, 112, 187, 261]],
  ])('takes of %i frames %j', (frames, indices) => expect(uniformIndices(frames, 4)).toEqual(indices));

  it('agrees with numpy for every recorded length', () => {
    for (const [frames, segments, indices] of cases) expect(uniformIndices(frames, segments)).toEqual(indices);
    expect(cases.length).toBeGreaterThan(100);
  });

  it('ascends and stays in range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.integer({ min: 1, max: 64 }), (frames, segments) => {
        const indices = uniformIndices(frames, segments);
        expect(indices).toHaveLength(segments);
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
        expect(indices.every((index) => index >= 0 && index < frames)).toBe(true);
      }),
    );
  });

  it.each([0, -1, 1.5, NaN])('refuses %d frames', (frames) => expect(() => uniformIndices(frames, 4)).toThrow(`The video has ${frames} frames`));
  it('refuses zero segments', () => expect(() => uniformIndices(5, 0)).toThrow('ask for at least one'));
});
