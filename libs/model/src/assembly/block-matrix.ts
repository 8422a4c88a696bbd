/**
 * How a quantised matrix is kept: `block` values along a row share a scale, and an offset where `offsets` says so.
 * value = scale × (quant − zero) + offset, where zero is 8 for 4 bits and 128 for 8 bits, as ONNX Runtime's `MatMulNBits` reads them.
 */
export interface BlockForm {
  readonly bits: 4 | 8;
  readonly block: 16 | 32;
  readonly offsets: boolean;
}

/** A quantised matrix: `quants` `[rows, blocks, block × bits / 8]`, low half first; `scales` and `offsets` `[rows, blocks]`. */
export interface BlockMatrix {
  readonly form: BlockForm;
  readonly rows: number;
  readonly columns: number;
  readonly quants: Uint8Array;
  readonly scales: Float32Array;
  readonly offsets: Float32Array;
}

/** A matrix of zero bytes, to be filled. `offsets` is empty where the form has none. */
export function emptyBlocks(form: BlockForm, rows: number, columns: number): BlockMatrix {
  const count = (rows * columns) / form.block;
  return { form, rows, columns, quants: new Uint8Array((rows * columns * form.bits) / 8), scales: new Float32Array(count), offsets: new Float32Array(form.offsets ? count : 0) };
}

/** What the matrix says, in float32: `[rows, columns]`. */
export function dequantise({ form: { bits, block }, rows, columns, quants, scales, offsets }: BlockMatrix): Float32Array {
  const zero = 1 << (bits - 1);
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const quant = bits === 8 ? (quants[index] ?? 0) : ((quants[index >> 1] ?? 0) >> (4 * (index & 1))) & 15;
    const at = Math.floor(index / block);
    return (scales[at] ?? 0) * (quant - zero) + (offsets[at] ?? 0);
  });
}

/** `[rows, columns]` → `[columns, rows]`. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) result[column * rows + row] = values[row * columns + column] ?? 0;
  }
  return result;
}
