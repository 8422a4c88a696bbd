import type { NamedTensor } from '@gpt4video/ports/model-session';

/** Sizes of the cache. */
export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headWidth: number;
}

/** Capacity grows by this many rows: each empty row costs a product for each token, and each growth moves all rows. */
const STEP = 64;
/** Room that a buffer is given beyond what it must hold, so that it is rarely allocated anew. */
const SLACK = 1.25;

/** Keys and values of the positions read so far, one `[kvHeads, 1, capacity, headWidth]` buffer for each layer and part. */
export class KvCache {
  #length = 0;
  #capacity = 0;
  #buffers: Float32Array[];

  constructor(private readonly shape: KvShape) {
    this.#buffers = Array.from({ length: 2 * shape.layers }, () => new Float32Array());
    this.reserve(1);
  }

  /** Rows that count. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that the buffers hold. */
  get bytes(): number {
    return this.#buffers.reduce((total, { byteLength }) => total + byteLength, 0);
  }

  /** The graph's `past.*` inputs; the runtime reads the buffers in place. */
  inputs(): Record<string, NamedTensor> {
    const { kvHeads, headWidth } = this.shape;
    const shape = [kvHeads, 1, this.#capacity, headWidth];
    const size = kvHeads * this.#capacity * headWidth;
    return Object.fromEntries(this.#buffers.map((buffer, index) => [`past.${index >> 1}.${index % 2 === 0 ? 'key' : 'value'}`, { shape, data: buffer.subarray(0, size) }]));
  }

  /** Takes the `rows` new rows from the graph's `new_rows` output, `[layers · 2 · kvHeads, 1, rows, headWidth]`. */
  append(fresh: Float32Array, rows: number): void {
    const { kvHeads, headWidth } = this.shape;
    this.reserve(this.#length + rows);
    const size = rows * headWidth;
    this.#buffers.forEach((buffer, index) => {
      for (let head = 0; head < kvHeads; head += 1) {
        const source = (index * kvHeads + head) * size;
        buffer.set(fresh.subarray(source, source + size), (head * this.#capacity + this.#length) * headWidth);
      }
    });
    this.#length += rows;
  }

  /** Makes room for `rows` in all, in buffers that will hold `later` rows without being allocated anew. */
  reserve(rows: number, later = rows): void {
    const capacity = Math.ceil(rows / STEP) * STEP;
    if (capacity > this.#capacity) this.#widen(capacity, Math.max(capacity, later));
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Another cache with the first `length` rows of this one. */
  fork(length: number): KvCache {
    const copy = new KvCache(this.shape);
    copy.reserve(length);
    this.#buffers.forEach((buffer, index) => this.#moveRows(buffer, { to: copy.#buffers[index] ?? buffer, capacity: copy.#capacity, length }));
    copy.#length = length;
    return copy;
  }

  /** Lays the rows out for another capacity. */
  #widen(capacity: number, later: number): void {
    const row = this.shape.kvHeads * this.shape.headWidth;
    this.#buffers = this.#buffers.map((old) => {
      const wide = old.length >= capacity * row ? old : new Float32Array(Math.ceil(later * row * SLACK));
      this.#moveRows(old, { to: wide, capacity, length: this.#length });
      return wide;
    });
    this.#capacity = capacity;
  }

  /** Each head's rows go to where the head begins under that capacity: the last head first, since in one buffer it makes room for the one before. */
  #moveRows(from: Float32Array, { to, capacity, length }: { to: Float32Array; capacity: number; length: number }): void {
    const { kvHeads, headWidth } = this.shape;
    for (let head = kvHeads - 1; head >= 0; head -= 1) {
      const start = head * this.#capacity * headWidth;
      to.set(from.subarray(start, start + length * headWidth), head * capacity * headWidth);
    }
  }
}
