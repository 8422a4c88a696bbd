import { readFileSync } from 'node:fs';

/** The reference of a check: test/fixtures/parity/<name>.json, written by training/parity/<name>.py; its layout is described in training/parity/fixture.py. */
export function readCase(name, geometry) {
  const { cases } = JSON.parse(readFileSync(new URL(`../../../test/fixtures/parity/${name}.json`, import.meta.url), 'utf8'));
  const found = cases[geometry];
  if (found === undefined) throw new Error(`test/fixtures/parity/${name}.json has no case "${geometry}", only ${Object.keys(cases).join(', ')}`);
  return found;
}

/** The case's tensors one by one, as `{ name, shape, scale, centre }`; "layers.{24}.weight" becomes 24 of them, "layers.{0,5}.weight" two. */
export function expandTensors(tensors) {
  return tensors.flatMap(([pattern, shape, scale, centre]) => namesOf(pattern).map((name) => ({ name, shape, scale, centre })));
}

function namesOf(pattern) {
  const [, before, choices, after] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  const numbers = choices.includes(',') ? choices.split(',') : Array.from({ length: Number(choices) }, (_, index) => index);
  return numbers.flatMap((number) => namesOf(`${before}${number}${after}`));
}
