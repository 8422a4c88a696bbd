import { DomainError } from '@gpt4video/ports/errors';

/** Reads little-endian values one after the other. Every read past the end throws `artifact_corrupt` naming the file, the part and the bytes missing. */
export class GgufCursor {
  position = 0;
  readonly #view: DataView;
  readonly #text = new TextDecoder();

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(part: string): number {
    return this.#view.getUint8(this.#advance(1, part));
  }

  int8(part: string): number {
    return this.#view.getInt8(this.#advance(1, part));
  }

  uint16(part: string): number {
    return this.#view.getUint16(this.#advance(2, part), true);
  }

  int16(part: string): number {
    return this.#view.getInt16(this.#advance(2, part), true);
  }

  uint32(part: string): number {
    return this.#view.getUint32(this.#advance(4, part), true);
  }

  int32(part: string): number {
    return this.#view.getInt32(this.#advance(4, part), true);
  }

  float32(part: string): number {
    return this.#view.getFloat32(this.#advance(4, part), true);
  }

  float64(part: string): number {
    return this.#view.getFloat64(this.#advance(8, part), true);
  }

  /** An unsigned 64-bit value that must fit a safe integer: a count, a length or an offset. */
  uint64(part: string): number {
    const value = Number(this.#view.getBigUint64(this.#advance(8, part), true));
    if (Number.isSafeInteger(value)) return value;
    throw this.corrupt(part, 'a number below 2^53', `${value}`);
  }

  int64(part: string): number {
    return Number(this.#view.getBigInt64(this.#advance(8, part), true));
  }

  string(part: string): string {
    const length = this.uint64(part);
    const start = this.#advance(length, part);
    return this.#text.decode(this.bytes.subarray(start, start + length));
  }

  /** A fault of the file: which part, what was expected, what was found. */
  corrupt(part: string, expected: string, found: string): DomainError {
    return new DomainError('artifact_corrupt', `${this.file}, ${part}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
  }

  #advance(count: number, part: string): number {
    const start = this.position;
    const left = this.bytes.length - start;
    if (count > left) throw this.corrupt(part, `${count} more bytes at ${start}`, `${left}, so the file is truncated`);
    this.position = start + count;
    return start;
  }
}
