import type { ByteSource } from '../tensor/byte-source.js';
import { GgufCursor } from './gguf-cursor.js';
import { readMetadata } from './gguf-metadata.js';
import type { GgufMetadata } from './gguf-metadata.js';
import { GGUF_TYPES } from './gguf-types.js';
import type { GgufType } from './gguf-types.js';

/** A tensor of the file; its data stays there. */
export interface GgufTensor {
  readonly name: string;
  readonly type: GgufType;
  /** Row-major, outermost first: a matrix is `[rows, columns]`. */
  readonly shape: readonly number[];
  /** Bytes of a row; a vector is one row. */
  readonly rowBytes: number;
  /** The bytes of rows `from` inclusive to `to` exclusive, in memory of their own. */
  read(from: number, to: number): Uint8Array;
}

/** A parsed GGUF file. */
export interface GgufFile {
  readonly name: string;
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const MAGIC = 0x46554747;
const VERSIONS: readonly number[] = [2, 3];
const MAX_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;

/**
 * Reads a GGUF file's header (ggml/docs/gguf.md, versions 2 and 3) and finds its tensors without reading them.
 * Throws `artifact_corrupt` naming the part or tensor, what was expected and what was found.
 */
export function readGguf(source: ByteSource): GgufFile {
  const cursor = new GgufCursor(source);
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
  return { name: source.name, metadata, tensors };
}

interface Entry extends Pick<GgufTensor, 'name' | 'type' | 'shape'> {
  readonly offset: number;
}

/** An entry takes at least 24 bytes, so a count beyond that is a lie that must not size an array. */
function checkedCount(cursor: GgufCursor, count: number): number {
  const possible = Math.floor((cursor.source.length - cursor.position) / 24);
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
  const type = GGUF_TYPES[code];
  if (type === undefined) throw cursor.corrupt(part, `one of the types ${Object.values(GGUF_TYPES).map(({ name: known }) => known).join(', ')}`, `type code ${code}`);
  return { name, shape, type, offset: cursor.uint64(part) };
}

function locate(cursor: GgufCursor, { name, type, shape, offset }: Entry, dataStart: number): GgufTensor {
  const part = `tensor ${name}`;
  const columns = shape.at(-1) ?? 0;
  if (columns % type.values !== 0) throw cursor.corrupt(part, `rows of a multiple of ${type.values} values, as ${type.name} has them`, `${columns}`);
  const rowBytes = (columns / type.values) * type.bytes;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const start = dataStart + offset;
  const end = start + rows * rowBytes;
  if (end > cursor.source.length) throw cursor.corrupt(part, `bytes ${start} to ${end}`, `a file of ${cursor.source.length}, so it is truncated`);
  return { name, type, shape, rowBytes, read: (from, to) => cursor.source.read(start + from * rowBytes, start + to * rowBytes) };
}
