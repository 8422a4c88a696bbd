import { createDdim } from './ddim.js';
import { denoise } from './denoise.js';
import { guide, needsGuidance } from './guidance.js';
import { initialNoise } from './initial-noise.js';
import { createNoiseSchedule } from './noise-schedule.js';

const solver = createDdim({ schedule: createNoiseSchedule({ trainSteps: 1000, betas: 'squaredcos_cap_v2' }), prediction: 'v_prediction', steps: 4 });
const { signal } = new AbortController();
const half = (sample: Float32Array) => Promise.resolve(sample.map((value) => value / 2));

describe('denoise', () => {
  it('asks for each training step in turn and reports each step', async () => {
    const asked: number[] = [];
    const reported: string[] = [];
    const predict = (sample: Float32Array, timestep: number) => {
      asked.push(timestep);
      return half(sample);
    };
    const film = await denoise({ solver, noise: new Float32Array(3).fill(1), predict, onStep: (step, steps) => reported.push(`${step}/${steps}`), signal });
    expect(asked).toEqual([999, 749, 499, 249]);
    expect(reported).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(film).toHaveLength(3);
  });

  it('stops at a step boundary, the step in hand not counted', async () => {
    const abort = new AbortController();
    let reported = 0;
    const run = denoise({ solver, noise: new Float32Array(1), predict: half, onStep: (step) => (reported = step) === 2 && abort.abort(), signal: abort.signal });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(reported).toBe(2);
  });

  it('does not start once the signal has fired, and passes errors on', async () => {
    const predict = () => Promise.reject(new Error('never asked'));
    await expect(denoise({ solver, noise: new Float32Array(1), predict, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(denoise({ solver, noise: new Float32Array(1), predict, signal })).rejects.toThrow('never asked');
  });

  it('makes the same film of the same seed, another of another', async () => {
    const film = (seed: number) => denoise({ solver, noise: initialNoise(seed, [2, 3]).data, predict: half, signal });
    expect(await film(1)).toEqual(await film(1));
    expect(await film(1)).not.toEqual(await film(2));
  });
});

describe('guide', () => {
  it.each([
    [0, [1, 2]],
    [1, [3, 1]],
    [4, [9, -2]],
  ])('scale %d → %j', (scale, expected) => expect([...guide(Float32Array.of(1, 2), Float32Array.of(3, 1), scale)]).toEqual(expected));

  it('refuses unequal lengths', () => expect(() => guide(new Float32Array(1), new Float32Array(2), 4)).toThrow('found 1 and 2'));
  it('is needed unless the scale is 1', () => expect([0, 1, 4].map(needsGuidance)).toEqual([true, false, true]));
});
