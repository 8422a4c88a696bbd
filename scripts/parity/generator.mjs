// The generator that every other check relies on: here and in Python the same bits.
import { generatedIds, generatedValues } from '@gpt4video/model/random/generated-values';
import { differenceFrom } from './harness/difference.mjs';
import { readCase } from './harness/fixture.mjs';

export const title = 'Generated weights, inputs and ids';

const SPREADS = { 'visual_fc.weight': { scale: 0.0541266 }, 'Gewicht/é': { scale: 0.2, centre: 1 } };

export function run({ geometry }) {
  const { geometry: words, inputs, outputs } = readCase('generator', geometry);
  const made = {
    ...Object.fromEntries(inputs.names.map((name) => [name, generatedValues(name, inputs.count, SPREADS[name])])),
    ids: generatedIds('ids', inputs.count, 49_408),
  };
  return Object.entries(made).map(([what, data]) => ({ what, geometry: words, difference: differenceFrom(outputs[what], { shape: [inputs.count], data }), tolerance: 1e-9 }));
}
