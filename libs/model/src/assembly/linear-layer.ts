import { narrowFloat16 } from '../tensor/float16.js';
import { transpose } from './block-matrix.js';
import type { BlockForm, BlockMatrix } from './block-matrix.js';
import { DATA_TYPES } from './onnx-messages.js';
import type { OnnxGraph } from './onnx-graph.js';
import { INT4, INT8, quantise } from './quantise.js';
import { floatPieces, rowPieces, stackBlocks } from './stored-matrix.js';
import type { StoredMatrix } from './stored-matrix.js';

/** How weights are kept: `stored` as the file has them, else rounded to this type. */
export const PRECISIONS = ['stored', 'float32', 'float16', 'int8', 'int4'] as const;

/** A name in `PRECISIONS`. */
export type Precision = (typeof PRECISIONS)[number];

/** Activations `[1, S, columns]` that one or more linear layers read; they share the sums of its blocks of 32. */
export class Activation {
  #sums: string | undefined;

  constructor(
    private readonly graph: OnnxGraph,
    readonly value: string,
    private readonly columns: number,
  ) {}

  /** `[1, S, columns / 32]`. */
  get sums(): string {
    this.#sums ??= this.#addSums();
    return this.#sums;
  }

  #addSums(): string {
    const blocks = this.graph.op('Reshape', [this.value, this.graph.ints([0, 0, this.columns / 32, 32])], `${this.value}.blocks`);
    return this.graph.op('ReduceSum', [blocks, this.graph.ints([-1])], `${this.value}.sums`, { keepdims: { int: 0 } });
  }
}

/** Activations are quantised to 8 bits inside the operator: the fast path on every CPU. */
const INT8_ACTIVATIONS = 4;
const FLOAT = DATA_TYPES.float32;
const FLOAT_TYPES: Readonly<Record<string, 'float32' | 'float16' | 'bfloat16'>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** y = x · Wᵀ where W is the matrices one above the other. Returns the name of y, `[1, S, rows]`. */
export function addLinear(graph: OnnxGraph, name: string, input: Activation, matrices: readonly StoredMatrix[], precision: Precision): string {
  const groups = precision === 'stored' ? sameType(matrices) : [matrices];
  if (groups.length === 1) return addStack(graph, name, input, matrices, precision);
  const parts = groups.map((group, index) => addStack(graph, `${name}.${index}`, input, group, precision));
  return graph.op('Concat', parts, name, { axis: { int: -1 } });
}

function addStack(graph: OnnxGraph, name: string, input: Activation, matrices: readonly StoredMatrix[], precision: Precision): string {
  const shape = { rows: matrices.reduce((sum, { rows }) => sum + rows, 0), columns: matrices[0]?.columns ?? 0 };
  const form = matrices[0]?.type.blocks?.form;
  if (precision === 'stored' && form !== undefined) return addBlocks(graph, name, input, { ...shape, form, make: () => stackBlocks(matrices) });
  if (precision === 'int8' || precision === 'int4') {
    const rounded = precision === 'int8' ? INT8 : INT4;
    return addBlocks(graph, name, input, { ...shape, form: rounded, make: () => quantise(matrices, rounded) });
  }
  return graph.contrib({ op: 'FusedMatMul', inputs: [input.value, addFloats(graph, name, matrices, { ...shape, precision })], outputs: [name], attributes: { transB: { int: 1 } } });
}

/** The weights `[rows, columns]` as float32; 16-bit weights are widened when the model is loaded, which loses nothing. */
function addFloats(graph: OnnxGraph, name: string, matrices: readonly StoredMatrix[], { rows, columns, precision }: { rows: number; columns: number; precision: Precision }): string {
  const type = precision === 'stored' ? (FLOAT_TYPES[matrices[0]?.type.name ?? ''] ?? 'float32') : precision === 'float16' ? 'float16' : 'float32';
  const data = function* (): Generator<Uint8Array> {
    for (const matrix of matrices) {
      if (FLOAT_TYPES[matrix.type.name] === type) for (const { bytes } of rowPieces(matrix)) yield bytes;
      else for (const { values } of floatPieces(matrix)) yield bytesOf(type === 'float16' ? narrowFloat16(values) : values);
    }
  };
  const weights = graph.constant(`${name}.weights`, { type, shape: [rows, columns], data });
  return type === 'float32' ? weights : graph.op('Cast', [weights], `${name}.weights.float32`, { to: { int: FLOAT } });
}

interface Blocks {
  readonly rows: number;
  readonly columns: number;
  readonly form: BlockForm;
  readonly make: () => BlockMatrix;
}

/**
 * `MatMulNBits` computes Σ scale × (quant − zero) × x. Offsets add one small product with the block sums; zero points in
 * floating point would say the same and are an order of magnitude slower.
 */
function addBlocks(graph: OnnxGraph, name: string, input: Activation, { rows, columns, form, make }: Blocks): string {
  const { bits, block } = form;
  const blocks = columns / block;
  const matrix = shared(make, form.offsets ? 3 : 2);
  const sums = form.offsets ? input.sums : '';
  const weights = graph.constant(`${name}.weights`, { type: 'uint8', shape: [rows, blocks, (block * bits) / 8], data: () => [matrix().quants] });
  const scales = graph.constant(`${name}.scales`, { type: 'float32', shape: [rows, blocks], data: () => [bytesOf(matrix().scales)] });
  const attributes = { K: { int: columns }, N: { int: rows }, bits: { int: bits }, block_size: { int: block }, accuracy_level: { int: INT8_ACTIVATIONS } };
  const multiply = (output: string): string => graph.contrib({ op: 'MatMulNBits', inputs: [input.value, weights, scales], outputs: [output], attributes });
  if (!form.offsets) return multiply(name);
  const offsets = graph.constant(`${name}.offsets`, { type: 'float32', shape: [blocks, rows], data: () => [bytesOf(transpose(matrix().offsets, rows, blocks))] });
  const product = multiply(`${name}.product`);
  return graph.op('Add', [product, graph.op('MatMul', [sums, offsets], `${name}.correction`)], name);
}

/** Makes the value once for `uses` calls and forgets it then, so that one matrix is in memory at a time. */
function shared<T>(make: () => T, uses: number): () => T {
  let kept: { readonly value: T; readonly left: number } | undefined;
  return () => {
    const value = kept === undefined ? make() : kept.value;
    const left = (kept?.left ?? uses) - 1;
    kept = left === 0 ? undefined : { value, left };
    return value;
  };
}

function sameType(matrices: readonly StoredMatrix[]): StoredMatrix[][] {
  const groups: StoredMatrix[][] = [];
  for (const matrix of matrices) {
    const last = groups.at(-1);
    if (last?.[0]?.type.name === matrix.type.name) last.push(matrix);
    else groups.push([matrix]);
  }
  return groups;
}

function bytesOf(data: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
