import { encodeLazily } from '../tensor/safetensors-pieces.js';
import type { LazyTensor } from '../tensor/safetensors-pieces.js';
import { narrowFloat16 } from '../tensor/float16.js';
import type { BlockMatrix } from './block-matrix.js';
import type { Precision } from './linear-layer.js';
import { INT8, quantise } from './quantise.js';
import { floatPieces, rowPieces, stackBlocks } from './stored-matrix.js';
import type { StoredMatrix } from './stored-matrix.js';

/**
 * The embedding table as a safetensors file, in pieces. Either `weight` float `[vocabulary, width]`; or `values` uint8
 * `[vocabulary, width]` (two's complement) with `scales` float32 `[vocabulary, width / 32]`. Int4 keeps bytes here: rows are looked up,
 * not multiplied, so nothing is gained by less.
 */
export function embeddingsFile(table: StoredMatrix, precision: Precision): Iterable<Uint8Array> {
  const { type, rows, columns } = table;
  if (precision === 'stored' && type.name === 'Q8_0') return encodeLazily(byteTensors(table, () => stackBlocks([table])));
  if (precision === 'int8' || precision === 'int4') return encodeLazily(byteTensors(table, () => quantise([table], INT8)));
  const kept = type.name === 'F32' || type.name === 'F16' || type.name === 'BF16' ? type.name : 'F32';
  const dtype = precision === 'stored' ? kept : precision === 'float16' ? 'F16' : 'F32';
  const pieces = function* (): Generator<Uint8Array> {
    if (dtype === type.name) for (const { bytes } of rowPieces(table)) yield bytes;
    else for (const { values } of floatPieces(table)) yield bytesOf(dtype === 'F16' ? narrowFloat16(values) : values);
  };
  return encodeLazily([{ name: 'weight', dtype, shape: [rows, columns], pieces }]);
}

function byteTensors({ rows, columns }: StoredMatrix, make: () => BlockMatrix): readonly LazyTensor[] {
  let made: BlockMatrix | undefined;
  const blocks = (): BlockMatrix => (made ??= make());
  return [
    { name: 'scales', dtype: 'F32', shape: [rows, columns / INT8.block], pieces: () => [bytesOf(blocks().scales)] },
    { name: 'values', dtype: 'U8', shape: [rows, columns], pieces: () => [blocks().quants.map((quant) => quant ^ 128)] },
  ];
}

function bytesOf(data: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
