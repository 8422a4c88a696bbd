import { GgufCursor } from './gguf-cursor.js';
import { readMetadata } from './gguf-metadata.js';
import type { GgufMetadata } from './gguf-metadata.js';

/** A tensor of the file; `data` is a view of the file's bytes. */
export interface GgufTensor {
  readonly name: string;
  readonly type: GgufType;
  /** Row-major, outermost first: a matrix is `[rows, columns]`. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A parsed GGUF file. */
export interface GgufFile {
  readonly name: string;
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Block layouts that are read (ggml's names). */
export type GgufType = 'F32' | 'Q4_1' | 'Q8_0';

/** Values in a block of Q4_1 and of Q8_0. */
export const BLOCK = 32;

/** Bytes of one block: Q4_1 is scale, minimum (half floats) and 16 bytes of nibbles; Q8_0 is scale and 32 signed bytes. */
export const BLOCK_BYTES = { Q4_1: 20, Q8_0: 34 } as const;

const MAGIC = 0x46554747;
const VERSIONS: readonly number[] = [2, 3];
const TYPES: Readonly<Record<number, GgufType>> = { 0: 'F32', 3: 'Q4_1', 8: 'Q8_0' };
const MAX_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;

/**
 * Reads a GGUF file (ggml/docs/gguf.md, versions 2 and 3) without copying its weights.
 * Throws `artifact_corrupt` naming the part or tensor, what was expected and what was found.
 */
export function readGguf(bytes: Uint8Array, name: string): GgufFile {
  const cursor = new GgufCursor(bytes, name);
  const magic = cursor.uint32('header');
  if (magic !== MAGIC) throw cursor.corrupt('header', 'the magic "GGUF"', `0x${magic.toString(16)}`);
  const version = cursor.uint32('header');
  if (!VERSIONS.includes(version)) throw cursor.corrupt('header', 'version 2 or 3', `${version}`);
  const tensorCount = cursor.uint64('header');
  const metadata = readMetadata(cursor, cursor.uint64('header'));
  const entries = Array.from({ length: checkedCount(cursor, tensorCount) }, () => readEntry(cursor));
  const alignment = metadata.numberOr('general.alignment', DEFAULT_ALIGNMENT);
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map(entries.map((entry) => [entry.name, locate(cursor, entry, dataStart)]));
  return { name, metadata, tensors };
}

interface Entry extends Omit<GgufTensor, 'data'> {
  readonly offset: number;
}

/** An entry takes at least 24 bytes, so a count beyond that is a lie that must not size an array. */
function checkedCount(cursor: GgufCursor, count: number): number {
  const possible = Math.floor((cursor.bytes.length - cursor.position) / 24);
  if (count <= possible) return count;
  throw cursor.corrupt('tensor table', `at most ${possible} tensors`, `${count}`);
}

function readEntry(cursor: GgufCursor): Entry {
  const name = cursor.string('tensor table');
  const part = `tensor ${name}`;
  const dimensions = cursor.uint32(part);
  if (dimensions === 0 || dimensions > MAX_DIMENSIONS) throw cursor.corrupt(part, `1 to ${MAX_DIMENSIONS} dimensions`, `${dimensions}`);
  const shape = Array.from({ length: dimensions }, () => cursor.uint64(part)).reverse();
  const code = cursor.uint32(part);
  const type = TYPES[code];
  if (type === undefined) throw cursor.corrupt(part, 'type F32, Q4_1 or Q8_0', `type ${code}`);
  return { name, shape, type, offset: cursor.uint64(part) };
}

function locate(cursor: GgufCursor, entry: Entry, dataStart: number): GgufTensor {
  const part = `tensor ${entry.name}`;
  const columns = entry.shape.at(-1) ?? 0;
  const values = entry.shape.reduce((product, size) => product * size, 1);
  if (entry.type !== 'F32' && columns % BLOCK !== 0) throw cursor.corrupt(part, `rows of a multiple of ${BLOCK} values`, `${columns}`);
  const bytes = entry.type === 'F32' ? values * 4 : (values / BLOCK) * BLOCK_BYTES[entry.type];
  const start = dataStart + entry.offset;
  const end = start + bytes;
  if (end > cursor.bytes.length) throw cursor.corrupt(part, `bytes ${start} to ${end}`, `a file of ${cursor.bytes.length}, so it is truncated`);
  return { name: entry.name, type: entry.type, shape: entry.shape, data: cursor.bytes.subarray(start, end) };
}
