// The same tower from a checkpoint of mPLUG-Owl, which names and packs its tensors otherwise.
import { readCase } from './harness/fixture.mjs';
import { compareTower } from './harness/vision-tower.mjs';

export const title = 'mPLUG-Owl’s image tower';

export function run({ geometry, folder, log }) {
  return compareTower(readCase('owl-vision', geometry), { tolerances: { float32: 1e-4 }, folder, log });
}
