// Inputs for a graph that only its metadata describes, the same in every run.

const STEPS = 32;
const WORDS = 500;

/** Tensors for the inputs: a first free dimension is the batch, a later one 32; masks are open, word ids below 500, the rest normal. */
export function seededInputs(specs, batch) {
  return Object.fromEntries(
    specs.map(({ name, type, shape }, index) => {
      const dims = shape.map((size, axis) => (typeof size === 'number' && size > 0 ? size : axis === 0 ? batch : STEPS));
      return [name, { shape: dims, data: valuesOf(name, type, dims.reduce((a, b) => a * b, 1), randomFrom(index + 1)) }];
    }),
  );
}

function valuesOf(name, type, count, random) {
  const value = name.includes('mask') ? () => 1 : name === 'timestep' ? () => Math.floor(random() * 1000) : type === 'int64' ? () => Math.floor(random() * WORDS) : () => normal(random);
  if (type === 'int64') return BigInt64Array.from({ length: count }, () => BigInt(value()));
  if (type === 'float32') return Float32Array.from({ length: count }, value);
  throw new Error(`the input ${name} is ${type}, of which this makes none`);
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mulberry32: numbers in [0, 1) from a seed. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
