import { BLOCK } from './gguf.js';
import { transpose } from './lora-adapter.js';
import type { OnnxGraph } from './onnx-graph.js';
import type { ByteMatrix, NibbleMatrix } from './quantised-blocks.js';

/** Activations are quantised to 8 bits inside the operator: the fast path on every CPU. */
const INT8_ACTIVATIONS = 4;
/** What `MatMulNBits` subtracts from a nibble when it has no zero points. */
const NIBBLE_ZERO = 8;
const BYTE_ZERO = 128;

/** What a linear layer reads: activations `[1, S, columns]`, and the sums of their blocks of 32, `[1, S, columns / 32]`. */
export interface BlockInput {
  readonly value: string;
  readonly sums: string;
}

/** Adds the block sums of an activation; linear layers that read the same activation share them. */
export function blockInput(graph: OnnxGraph, value: string, columns: number): BlockInput {
  const blocks = graph.op('Reshape', [value, graph.ints([0, 0, columns / BLOCK, BLOCK])], `${value}.blocks`);
  return { value, sums: graph.op('ReduceSum', [blocks, graph.ints([-1])], `${value}.sums`, { keepdims: { int: 0 } }) };
}

/**
 * y = x · Wᵀ with a Q4_1 matrix, exactly: `MatMulNBits` computes Σ scale × (nibble − 8) × x, and since
 * scale × nibble + minimum = scale × (nibble − 8) + (minimum + 8 × scale), the rest is one small product with the block sums.
 * Float zero points would say the same and are an order of magnitude slower.
 */
export function nibbleLinear(graph: OnnxGraph, name: string, input: BlockInput, matrix: NibbleMatrix): string {
  const { rows, blocks, scales, minimums, nibbles } = matrix;
  const weights = graph.constant(`${name}.weights`, { type: 'uint8', shape: [rows, blocks, BLOCK / 2], data: nibbles });
  const factors = graph.constant(`${name}.scales`, { type: 'float32', shape: [rows, blocks], data: scales });
  const offsets = minimums.map((minimum, index) => minimum + NIBBLE_ZERO * (scales[index] ?? 0));
  const rest = graph.constant(`${name}.offsets`, { type: 'float32', shape: [blocks, rows], data: transpose(offsets, rows, blocks) });
  const product = matMulNBits(graph, `${name}.product`, { inputs: [input.value, weights, factors], bits: 4, rows, columns: blocks * BLOCK });
  const correction = graph.op('MatMul', [input.sums, rest], `${name}.correction`);
  return graph.op('Add', [product, correction], name);
}

/** y = x · Wᵀ with a Q8_0 matrix, exactly. */
export function byteLinear(graph: OnnxGraph, name: string, input: string, matrix: ByteMatrix): string {
  const { rows, blocks, scales, values } = matrix;
  const data = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) data[index] = (values[index] ?? 0) + BYTE_ZERO;
  const weights = graph.constant(`${name}.weights`, { type: 'uint8', shape: [rows, blocks, BLOCK], data });
  const factors = graph.constant(`${name}.scales`, { type: 'float32', shape: [rows, blocks], data: scales });
  return matMulNBits(graph, name, { inputs: [input, weights, factors], bits: 8, rows, columns: blocks * BLOCK });
}

interface Product {
  readonly inputs: readonly string[];
  readonly bits: 4 | 8;
  readonly rows: number;
  readonly columns: number;
}

function matMulNBits(graph: OnnxGraph, output: string, { inputs, bits, rows, columns }: Product): string {
  const attributes = { K: { int: columns }, N: { int: rows }, bits: { int: bits }, block_size: { int: BLOCK }, accuracy_level: { int: INT8_ACTIVATIONS } };
  return graph.contrib({ op: 'MatMulNBits', inputs, outputs: [output], attributes });
}
