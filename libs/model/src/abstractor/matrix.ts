/** A dense matrix in 64 bits, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A matrix whose value at each row and column is computed. */
export function matrixOf(rows: number, columns: number, at: (row: number, column: number) => number): Matrix {
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, (_, index) => at(Math.floor(index / columns), index % columns)) };
}

/** The value at a row and column; 0 outside. */
export function at(matrix: Matrix, row: number, column: number): number {
  return matrix.data[row * matrix.columns + column] ?? 0;
}

/** Rows of both, the first's on top. */
export function concatRows(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { rows: a.rows + b.rows, columns: a.columns, data };
}

/** Rows `start` inclusive to `end` exclusive. */
export function sliceRows(matrix: Matrix, start: number, end: number): Matrix {
  return { rows: end - start, columns: matrix.columns, data: matrix.data.subarray(start * matrix.columns, end * matrix.columns) };
}

/** Sum, value by value, of two matrices of one shape. */
export function add(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: a.data.map((value, index) => value + (b.data[index] ?? 0)) };
}
