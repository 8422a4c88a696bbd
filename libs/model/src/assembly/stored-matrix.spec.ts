import { readFileSync } from 'node:fs';
import { dequantise } from './block-matrix.js';
import { GGUF_TYPES } from './gguf-types.js';
import { INT4, INT8, quantise } from './quantise.js';
import { floatPieces, stackBlocks, unpermuteRows } from './stored-matrix.js';
import type { StoredMatrix } from './stored-matrix.js';

interface Golden {
  readonly rows: number;
  readonly columns: number;
  readonly cases: Readonly<Record<string, { readonly code: number; readonly data: string; readonly values: string }>>;
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/gguf-blocks.json', import.meta.url), 'utf8')) as Golden;

/** A matrix of the type with that code, its rows in memory. */
function matrixOf(code: number, rows: number, columns: number, data: Uint8Array): StoredMatrix {
  const type = GGUF_TYPES[code];
  if (type === undefined) throw new RangeError(`${code}`);
  const rowBytes = data.length / rows;
  return { type, rows, columns, read: (from, to) => new Uint8Array(data.subarray(from * rowBytes, to * rowBytes)) };
}

function floats(values: readonly number[], rows: number): StoredMatrix {
  return matrixOf(0, rows, values.length / rows, new Uint8Array(Float32Array.from(values).buffer));
}

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const distance = (left: ArrayLike<number>, right: ArrayLike<number>): number => Array.from(left).reduce((most, value, index) => Math.max(most, Math.abs(value - (right[index] ?? NaN))), 0);

describe('quantised blocks', () => {
  it.each(Object.entries(golden.cases))('%s means what the gguf package says', (name, { code, data, values }) => {
    const matrix = matrixOf(code, golden.rows, golden.columns, bytesOf(data));
    const expected = new Float32Array(bytesOf(values).buffer);
    expect(matrix.type.name).toBe(name);
    const read = Float32Array.from([...floatPieces(matrix)].flatMap(({ values: piece }) => [...piece]));
    // Offsets are the minimum moved to the middle of the range, rounded once: a few units in the last place of values up to 500.
    expect(distance(read, expected)).toBeLessThan(matrix.type.blocks?.form.offsets === true ? 1e-4 : 1e-30);
    expect(distance(dequantise(stackBlocks([matrix, matrix])).subarray(expected.length), read)).toBe(0);
  });
});

describe('unpermuteRows', () => {
  it('puts the pairs of a head back into halves, whichever rows are read', () => {
    const matrix = unpermuteRows(floats([0, 1, 2, 3, 4, 5, 6, 7], 8), 2);
    const rows = (from: number, to: number): number[] => [...new Float32Array(matrix.read(from, to).buffer)];
    expect(rows(0, 8)).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
    expect(rows(3, 6)).toEqual([3, 4, 6]);
  });
});

describe('quantise', () => {
  const values = Array.from({ length: 128 }, (_, index) => Math.sin(index * 1.7) + (index === 40 ? 3 : 0));

  it('rounds to eight bits within half a step of the largest value', () => {
    const read = dequantise(quantise([floats(values, 2)], INT8));
    expect(distance(read, values)).toBeLessThanOrEqual(4 / 127 / 2);
    expect(distance(read, values)).toBeGreaterThan(0);
  });

  it('rounds to four bits with less error than the plain range leaves', () => {
    const squared = (read: Float32Array): number => values.reduce((sum, value, index) => sum + (value - (read[index] ?? NaN)) ** 2, 0);
    const plain = Float32Array.from(values, (value, index) => {
      const block = values.slice(index - (index % 32), index - (index % 32) + 32);
      const [least, most] = [Math.min(...block), Math.max(...block)];
      return least + (Math.round(((value - least) / (most - least)) * 15) * (most - least)) / 15;
    });
    expect(squared(dequantise(quantise([floats(values, 2)], INT4)))).toBeLessThan(0.95 * squared(plain));
  });

  it('keeps zeros and a constant exactly', () => {
    const flat = [...Array<number>(32).fill(0), ...Array<number>(32).fill(0.75)];
    expect([...dequantise(quantise([floats(flat, 1)], INT4))]).toEqual(flat);
    expect([...dequantise(quantise([floats(Array<number>(32).fill(0), 1)], INT8))]).toEqual(Array(32).fill(0));
  });
});
