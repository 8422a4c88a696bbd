// CLIP's image tower, kept as float32 and as float16.
import { readCase } from './harness/fixture.mjs';
import { compareTower } from './harness/vision-tower.mjs';

export const title = 'CLIP image tower';

export function run({ geometry, folder, log }) {
  return compareTower(readCase('clip-vision', geometry), { tolerances: { float32: 1e-4, float16: 2e-2 }, folder, log });
}
