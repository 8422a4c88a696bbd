import { readFileSync } from 'node:fs';

/** The reference of a check: test/fixtures/parity/<name>.json, written by training/parity/<name>.py; its layout is described in training/parity/fixture.py. */
export function readCase(name, geometry) {
  const { cases } = JSON.parse(readFileSync(new URL(`../../../test/fixtures/parity/${name}.json`, import.meta.url), 'utf8'));
  const found = cases[geometry];
  if (found === undefined) throw new Error(`test/fixtures/parity/${name}.json has no case "${geometry}", only ${Object.keys(cases).join(', ')}`);
  return found;
}

/** The case's tensors one by one, as `{ name, shape, scale, centre }`; "layers.{24}.weight" becomes 24 of them. */
export function expandTensors(tensors) {
  return tensors.flatMap(([pattern, shape, scale, centre]) => {
    const [before, count, after] = pattern.split(/\{(\d+)\}/);
    if (count === undefined) return [{ name: pattern, shape, scale, centre }];
    return Array.from({ length: Number(count) }, (_, index) => ({ name: `${before}${index}${after}`, shape, scale, centre }));
  });
}
