import { emptyBlocks } from './block-matrix.js';
import type { BlockForm, BlockMatrix } from './block-matrix.js';
import { floatPieces } from './stored-matrix.js';
import type { StoredMatrix } from './stored-matrix.js';

/** Eight bits: the largest value of a block sets its scale. */
export const INT8: BlockForm = { bits: 8, block: 32, offsets: false };
/** Four bits: scale and offset of a block are those that leave the smallest squared error. */
export const INT4: BlockForm = { bits: 4, block: 32, offsets: true };

/** Rounds floating-point matrices, one above the other, to the form. */
export function quantise(matrices: readonly StoredMatrix[], form: BlockForm): BlockMatrix {
  const columns = matrices[0]?.columns ?? 0;
  const result = emptyBlocks(form, matrices.reduce((sum, { rows }) => sum + rows, 0), columns);
  const round = form.bits === 8 ? roundToBytes : roundToNibbles;
  let block = 0;
  for (const matrix of matrices) {
    for (const { values } of floatPieces(matrix)) {
      for (let start = 0; start < values.length; start += form.block) round(values.subarray(start, start + form.block), result, block++);
    }
  }
  return result;
}

function roundToBytes(values: Float32Array, { quants, scales }: BlockMatrix, block: number): void {
  const scale = Math.fround(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127);
  scales[block] = scale;
  values.forEach((value, index) => (quants[block * values.length + index] = 128 + (scale === 0 ? 0 : Math.round(value / scale))));
}

/** Ranges that are tried, as parts of the whole from smallest to largest value: cutting outliers off often pays. */
const RANGES = [1, 0.96, 0.92, 0.88, 0.84, 0.8];

function roundToNibbles(values: Float32Array, { quants, scales, offsets }: BlockMatrix, block: number): void {
  const least = values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
  const most = values.reduce((largest, value) => Math.max(largest, value), -Infinity);
  let best = { error: Infinity, scale: 0, offset: 0 };
  for (const range of RANGES) {
    const step = ((most - least) * range) / 15;
    if (step === 0) best = { error: 0, scale: 0, offset: least };
    else best = better(best, fit(values, step, (least + most) / 2));
  }
  scales[block] = best.scale;
  offsets[block] = best.offset;
  for (let pair = 0; pair < values.length / 2; pair += 1) {
    const nibble = (index: number): number => nearest(values[index] ?? 0, best.scale, best.offset) + 8;
    quants[(block * values.length) / 2 + pair] = nibble(2 * pair) | (nibble(2 * pair + 1) << 4);
  }
}

interface Fit {
  readonly error: number;
  readonly scale: number;
  readonly offset: number;
}

/** Rounds with this step, then takes the line through the rounded values that is nearest to the true ones. */
function fit(values: Float32Array, step: number, middle: number): Fit {
  const offset = middle + step / 2;
  let [sumQ, sumQq, sumV, sumQv] = [0, 0, 0, 0];
  for (const value of values) {
    const quant = nearest(value, step, offset);
    sumQ += quant;
    sumQq += quant * quant;
    sumV += value;
    sumQv += quant * value;
  }
  const count = values.length;
  const spread = count * sumQq - sumQ * sumQ;
  const scale = Math.fround(spread === 0 ? step : (count * sumQv - sumQ * sumV) / spread);
  const line = { scale, offset: Math.fround((sumV - scale * sumQ) / count) };
  return { ...line, error: values.reduce((sum, value) => sum + (value - nearest(value, line.scale, line.offset) * line.scale - line.offset) ** 2, 0) };
}

function nearest(value: number, scale: number, offset: number): number {
  return scale === 0 ? 0 : Math.max(-8, Math.min(7, Math.round((value - offset) / scale)));
}

function better(one: Fit, other: Fit): Fit {
  return other.error < one.error ? other : one;
}
