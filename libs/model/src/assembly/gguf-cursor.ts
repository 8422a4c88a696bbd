import { DomainError } from '@gpt4video/ports/errors';
import type { ByteSource } from '../tensor/byte-source.js';

/** Bytes fetched at once: headers are small values that follow each other. */
const WINDOW = 1 << 20;

/** Reads little-endian values one after the other. Every read past the end throws `artifact_corrupt` naming the file, the part and the bytes missing. */
export class GgufCursor {
  position = 0;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #windowStart = 0;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(readonly source: ByteSource) {}

  uint8(part: string): number {
    const at = this.#advance(1, part);
    return this.#window.getUint8(at);
  }

  int8(part: string): number {
    const at = this.#advance(1, part);
    return this.#window.getInt8(at);
  }

  uint16(part: string): number {
    const at = this.#advance(2, part);
    return this.#window.getUint16(at, true);
  }

  int16(part: string): number {
    const at = this.#advance(2, part);
    return this.#window.getInt16(at, true);
  }

  uint32(part: string): number {
    const at = this.#advance(4, part);
    return this.#window.getUint32(at, true);
  }

  int32(part: string): number {
    const at = this.#advance(4, part);
    return this.#window.getInt32(at, true);
  }

  float32(part: string): number {
    const at = this.#advance(4, part);
    return this.#window.getFloat32(at, true);
  }

  float64(part: string): number {
    const at = this.#advance(8, part);
    return this.#window.getFloat64(at, true);
  }

  /** An unsigned 64-bit value that must fit a safe integer: a count, a length or an offset. */
  uint64(part: string): number {
    const at = this.#advance(8, part);
    const value = Number(this.#window.getBigUint64(at, true));
    if (Number.isSafeInteger(value)) return value;
    throw this.corrupt(part, 'a number below 2^53', `${value}`);
  }

  int64(part: string): number {
    const at = this.#advance(8, part);
    return Number(this.#window.getBigInt64(at, true));
  }

  string(part: string): string {
    const length = this.uint64(part);
    const start = this.#advance(length, part);
    return this.#text.decode(new Uint8Array(this.#window.buffer, start, length));
  }

  /** A fault of the file: which part, what was expected, what was found. */
  corrupt(part: string, expected: string, found: string): DomainError {
    return new DomainError('artifact_corrupt', `${this.source.name}, ${part}: expected ${expected}, found ${found}. Fetch the file again or choose another.`);
  }

  /** Moves on and returns where in the window the bytes are. */
  #advance(count: number, part: string): number {
    const start = this.position;
    const left = this.source.length - start;
    if (count > left) throw this.corrupt(part, `${count} more bytes at ${start}`, `${left}, so the file is truncated`);
    if (start + count > this.#windowStart + this.#window.byteLength) {
      this.#window = new DataView(this.source.read(start, Math.min(this.source.length, start + Math.max(count, WINDOW))).buffer);
      this.#windowStart = start;
    }
    this.position = start + count;
    return start - this.#windowStart;
  }
}
