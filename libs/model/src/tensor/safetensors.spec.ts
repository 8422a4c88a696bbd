import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeSafetensors, decodeSafetensorsFile, encodeSafetensors, requireTensor } from './safetensors.js';

interface Golden {
  readonly file: string;
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly values: Readonly<Record<string, string[]>>;
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/safetensors.json', import.meta.url), 'utf8')) as Golden;

/** A file with this header and these data bytes. */
function fileOf(header: unknown, data: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (dtype: string, shape: number[], offsets: number[]) => ({ dtype, shape, data_offsets: offsets });

describe('decodeSafetensors', () => {
  it('reads a file of the safetensors library, widening halves', () => {
    const { tensors, metadata } = decodeSafetensorsFile(Buffer.from(golden.file, 'base64'));
    expect(metadata).toEqual({ stage: 'golden' });
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(golden.shapes).sort());
    for (const [name, shape] of Object.entries(golden.shapes)) {
      expect(requireTensor(tensors, name).shape).toEqual(shape);
      expect(Array.from(requireTensor(tensors, name).data as ArrayLike<unknown>, Number)).toEqual((golden.values[name] ?? []).map((text) => Number(text.replace('inf', 'Infinity'))));
    }
  });

  it.each([
    ['nothing', new Uint8Array(), 'holds 0 bytes'],
    ['a header longer than the file', Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 1), 'claims 255 bytes, but 1 follow'],
    ['a header of 2^60 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 16), 'claims 1152921504606847000 bytes, but 0 follow'],
    ['no JSON', fileOf('{oops', 0), 'not JSON'],
    ['a JSON list', fileOf([], 0), 'not a JSON object'],
    ['an unknown type', fileOf({ w: entry('F99', [1], [0, 4]) }, 4), 'tensor "w" must be one of F32, F16, BF16, I64, I32, U8, found F99'],
    ['a wrong span', fileOf({ w: entry('F32', [2], [0, 4]) }, 4), 'tensor "w" F32 [2] must span 8 bytes, found 4'],
    ['a span beyond the end', fileOf({ w: entry('F32', [2], [0, 8]) }, 4), 'tensor "w" ends at byte'],
    ['a negative length', fileOf({ w: entry('F32', [-1], [0, 4]) }, 4), 'shape of whole numbers, found [-1]'],
    ['a broken offset', fileOf({ w: entry('F32', [1], [0]) }, 4), 'two data offsets, found [0]'],
    ['an overlap', fileOf({ a: entry('U8', [4], [0, 4]), b: entry('U8', [2], [3, 5]) }, 5), '"a" and "b" overlap'],
    ['a description that is text', fileOf({ w: 'F32' }, 4), 'tensor "w" has no description'],
  ])('refuses %s', (_, bytes, message) => expect(() => decodeSafetensors(bytes)).toThrow(message));

  it('refuses any cut of a good file', () => {
    const good = encodeSafetensors({ x: { shape: [3], data: Float32Array.of(1, 2, 3) } });
    for (let length = 0; length < good.length; length++) expect(() => decodeSafetensors(good.subarray(0, length))).toThrow(/safetensors/);
  });

  it('never throws anything else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => {
          try {
            decodeSafetensors(bytes);
          } catch (error) {
            if ((error as { code?: string }).code !== 'artifact_corrupt') throw error;
          }
        }).not.toThrow();
      }),
    );
  });
});

describe('encodeSafetensors', () => {
  it('comes back as it went in', () => {
    const data = fc.oneof(fc.float32Array({ maxLength: 20 }), fc.int32Array({ maxLength: 20 }), fc.bigInt64Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }));
    const names = fc.string({ maxLength: 12 }).filter((name) => !name.startsWith('__'));
    fc.assert(
      fc.property(fc.dictionary(names, data), fc.nat(7), (arrays, shift) => {
        const tensors = Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, { shape: [values.length], data: values }]));
        const encoded = encodeSafetensors(tensors, { note: 'é' });
        const moved = new Uint8Array(encoded.length + shift);
        moved.set(encoded, shift);
        expect(decodeSafetensorsFile(moved.subarray(shift))).toEqual({ tensors: { ...tensors }, metadata: { note: 'é' } });
      }),
    );
  });

  it('gives the same bytes whatever the order of the map', () => {
    const [a, b] = [{ shape: [1], data: Float32Array.of(1) }, { shape: [1], data: Uint8Array.of(1) }];
    expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }));
  });

  it('refuses a shape that the data does not fill', () => {
    expect(() => encodeSafetensors({ w: { shape: [2, 2], data: new Float32Array(3) } })).toThrow('"w" of shape [2, 2] must hold 4 values, found 3');
  });
});

describe('requireTensor', () => {
  it('lists what is there', () => {
    expect(() => requireTensor({ b: { shape: [], data: new Uint8Array(1) } }, 'a')).toThrow('"a" is missing; the file holds b');
  });
});
