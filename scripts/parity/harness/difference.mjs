/**
 * The largest absolute difference between what was computed and a digest of the reference (training/parity/fixture.py): over the
 * sampled values, and what sum and norm say of the others at least. Throws when the length differs; NaN counts as infinite.
 */
export function differenceFrom(digest, { shape, data }) {
  const expected = digest.shape.join(' × ');
  if (shape.join(' × ') !== expected) throw new Error(`expected the shape ${expected}, found ${shape.join(' × ')}`);
  const values = new Float32Array(new Uint8Array(Buffer.from(digest.values, 'base64')).buffer);
  let largest = 0;
  values.forEach((value, index) => (largest = worse(largest, Math.abs(value - Number(data[index * digest.step])))));
  largest = worse(largest, Math.abs(exactSum(data, (value) => value) - digest.sum) / data.length);
  return worse(largest, Math.abs(Math.sqrt(exactSum(data, (value) => value * value)) - digest.norm) / Math.sqrt(data.length));
}

/** The largest absolute difference of two arrays of one length. */
export function differenceOf(left, right) {
  if (left.length !== right.length) throw new Error(`expected ${left.length} values, found ${right.length}`);
  let largest = 0;
  for (let index = 0; index < left.length; index += 1) largest = worse(largest, Math.abs(Number(left[index]) - Number(right[index])));
  return largest;
}

/** Neumaier's sum: what rounding loses on the way is added at the end. */
function exactSum(data, of) {
  let sum = 0;
  let lost = 0;
  for (const element of data) {
    const value = of(Number(element));
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

function worse(largest, candidate) {
  return Number.isNaN(candidate) ? Infinity : Math.max(largest, candidate);
}
