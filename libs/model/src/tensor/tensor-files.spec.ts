import type { ByteSource } from './byte-source.js';
import { encodeSafetensors } from './safetensors.js';
import { float32Pieces, readFloat32 } from './stored-values.js';
import { TensorFiles } from './tensor-files.js';

/** A file in memory that notes the length of each read. */
function fileOf(name: string, bytes: Uint8Array, reads: number[] = []): ByteSource {
  const copy = Uint8Array.from(bytes);
  return { name, length: copy.length, read: (start, end) => (reads.push(end - start), copy.slice(start, end)) };
}

const one = encodeSafetensors({ a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) } });
const two = encodeSafetensors({ b: { shape: [1], data: Float32Array.of(7) }, ids: { shape: [2], data: BigInt64Array.of(1n, 2n) } });

describe('TensorFiles', () => {
  it('finds the tensors of every shard, and reads only what is asked for', () => {
    const reads: number[] = [];
    const files = TensorFiles.read('both', [fileOf('one', one, reads), fileOf('two', two)]);
    expect([...files.names].sort()).toEqual(['a', 'b', 'ids']);
    expect([...readFloat32(files.require('a', [2, 3]), 2, 4)]).toEqual([3, 4]);
    expect(reads.at(-1)).toBe(8);
    expect(Buffer.concat([...float32Pieces(files.require('b', [1]))()])).toEqual(Buffer.from(Float32Array.of(7).buffer));
  });

  it('names file, tensor, expected and found', () => {
    const files = TensorFiles.read('both', [fileOf('one', one), fileOf('two', two)]);
    expect(() => files.require('c', [1])).toThrow('both, tensor c: expected [1], found nothing');
    expect(() => files.require('a', [3, 2])).toThrow('one, tensor a: expected [3, 2], found [2, 3]');
    expect(() => readFloat32(files.require('ids', [2]))).toThrow('two, tensor ids: expected F32, F16 or BF16, found I64');
    expect(() => TensorFiles.read('both', [fileOf('one', one), fileOf('uno', one)])).toThrow('uno, tensor a: expected once, found in one too');
  });

  it('refuses any cut of a good file, naming it', () => {
    for (let length = 0; length < one.length; length += 1) expect(() => TensorFiles.read('cut', [fileOf('cut', one.subarray(0, length))])).toThrow(/^cut/);
  });
});
