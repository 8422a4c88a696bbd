import { DomainError } from '@gpt4video/ports/errors';
import { elementCount, shapeText } from './tensor.js';

/** Element types that are read. */
export type Dtype = keyof typeof DTYPE_BYTES;

/** Where a tensor lies in the file: bytes `start` inclusive to `end` exclusive, from the start of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** A header whose every entry was checked against the file. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of one element. */
export const DTYPE_BYTES = { F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, U8: 1 } as const;
/** The file begins with the header's length. */
export const HEADER_LENGTH_BYTES = 8;
/** The format's own bound on the header. */
const MAX_HEADER_BYTES = 100_000_000;

/** The file around a header, of which only the beginning need be in memory. */
export interface HeaderFile {
  /** What messages call the file; absent, they just say "safetensors file". */
  readonly name?: string;
  /** Bytes in the whole file. */
  readonly length: number;
}

/** Reads and checks the header: length, JSON, and each tensor's type, shape and bounds. Throws `artifact_corrupt`. */
export function readHeader(bytes: Uint8Array, file: HeaderFile = { length: bytes.length }): SafetensorsHeader {
  return named(file, () => {
    const dataStart = HEADER_LENGTH_BYTES + headerLength(bytes, file.length);
    const fields = parseJson(bytes.subarray(HEADER_LENGTH_BYTES, dataStart));
    const entries = Object.entries(fields)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, value]) => entryOf(name, value, { dataStart, fileEnd: file.length }));
    checkNoOverlap(entries);
    return { entries, metadata: metadataOf(fields['__metadata__']) };
  });
}

/** Bytes of the JSON that follows the first eight bytes. Throws `artifact_corrupt`. */
export function headerBytes(first: Uint8Array, file: HeaderFile): number {
  return named(file, () => headerLength(first, file.length));
}

function named<T>(file: HeaderFile, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (file.name !== undefined && error instanceof DomainError) throw new DomainError(error.code, `${file.name}: ${error.message}`, { cause: error.cause });
    throw error;
  }
}

function headerLength(bytes: Uint8Array, fileBytes: number): number {
  if (bytes.length < HEADER_LENGTH_BYTES) throw corrupt(`the file holds ${bytes.length} bytes, fewer than the ${HEADER_LENGTH_BYTES} of a header length`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const room = fileBytes - HEADER_LENGTH_BYTES;
  if (length > MAX_HEADER_BYTES || length > room) throw corrupt(`the header claims ${length} bytes, but ${room} follow`);
  return length;
}

function parseJson(header: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
    if (isRecord(value)) return value;
  } catch (cause) {
    throw corrupt('the header is not JSON', cause);
  }
  throw corrupt('the header is not a JSON object');
}

function entryOf(name: string, value: unknown, file: { dataStart: number; fileEnd: number }): TensorEntry {
  if (!isRecord(value)) throw corrupt(`tensor "${name}" has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) throw corrupt(`tensor "${name}" must be one of ${Object.keys(DTYPE_BYTES).join(', ')}, found ${String(dtype)}`);
  if (!isLengths(shape)) throw corrupt(`tensor "${name}" needs a shape of whole numbers, found ${JSON.stringify(shape)}`);
  if (!isLengths(offsets) || offsets.length !== 2) throw corrupt(`tensor "${name}" needs two data offsets, found ${JSON.stringify(offsets)}`);
  const [from = 0, to = 0] = offsets;
  const wanted = elementCount(shape) * DTYPE_BYTES[dtype];
  if (to - from !== wanted) throw corrupt(`tensor "${name}" ${dtype} ${shapeText(shape)} must span ${wanted} bytes, found ${to - from}`);
  const [start, end] = [file.dataStart + from, file.dataStart + to];
  if (end > file.fileEnd) throw corrupt(`tensor "${name}" ends at byte ${end}, but the file holds ${file.fileEnd}`);
  return { name, dtype, shape, start, end };
}

function checkNoOverlap(entries: readonly TensorEntry[]): void {
  let previous: TensorEntry | undefined;
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (previous !== undefined && entry.start < previous.end) throw corrupt(`tensors "${previous.name}" and "${entry.name}" overlap`);
    previous = entry;
  }
}

function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw corrupt('the metadata is not an object');
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(DTYPE_BYTES, value);
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

function corrupt(what: string, cause?: unknown): DomainError {
  return new DomainError('artifact_corrupt', `Not a valid safetensors file: ${what}. Make the file again.`, { cause });
}
