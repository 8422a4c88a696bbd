import type { LightMap } from './mean-light.js';
import { GRID, MARKED_WAVES, MAX_HALF_WAVES, waveAt } from './waves.js';

/** How much of each marked wave is in the picture, in the order of `MARKED_WAVES`; the same for a picture and its copy of another size. */
export function waveAmplitudes({ light, width, height }: LightMap): Float64Array {
  const [across, down] = [projection(width), projection(height)];
  const waves = MAX_HALF_WAVES + 1;
  const rows = new Float64Array(height * waves);
  for (let y = 0; y < height; y++) {
    for (let wave = 0; wave < waves; wave++) {
      let sum = 0;
      for (let x = 0; x < width; x++) sum += (light[y * width + x] ?? 0) * (across[wave * width + x] ?? 0);
      rows[y * waves + wave] = sum;
    }
  }
  return Float64Array.from(MARKED_WAVES, (marked) => {
    let sum = 0;
    for (let y = 0; y < height; y++) sum += (rows[y * waves + marked.across] ?? 0) * (down[marked.down * height + y] ?? 0);
    return sum;
  });
}

/** `[halfWaves, length]`: averages `length` samples down (or spreads them out) to `GRID` cells by area, then measures each wave. */
function projection(length: number): Float64Array {
  const result = new Float64Array((MAX_HALF_WAVES + 1) * length);
  const step = length / GRID;
  for (let cell = 0; cell < GRID; cell++) {
    const [from, to] = [cell * step, (cell + 1) * step];
    for (let sample = Math.floor(from); sample < Math.min(length, Math.ceil(to)); sample++) {
      const share = (Math.min(to, sample + 1) - Math.max(from, sample)) / step;
      for (let wave = 0; wave <= MAX_HALF_WAVES; wave++) result[wave * length + sample] = (result[wave * length + sample] ?? 0) + share * waveAt(wave, cell, GRID);
    }
  }
  return result;
}
