// What every side feeds its graphs, and by what their results are compared.

const MAKERS = { int64: (count) => new BigInt64Array(count).fill(1n), float32: (count) => Float32Array.from({ length: count }, (_, index) => Math.sin(index * 0.37)) };

/** The input of a shape and type, the same in every side. */
export function valueOf({ shape, type }) {
  return MAKERS[type](shape.reduce((a, b) => a * b, 1));
}

/** The mean magnitude of a result. */
export function digestOf(data) {
  return data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
}
