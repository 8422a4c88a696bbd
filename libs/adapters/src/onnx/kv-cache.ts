import type { NamedTensor } from '@gpt4video/ports/model-session';

/** Sizes of the cache. */
export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headWidth: number;
}

const GROWTH = 256;
const PARTS = ['key', 'value'] as const;

/** Keys and values of the positions read so far, one `[1, kvHeads, capacity, headWidth]` buffer for each layer and part. */
export class KvCache {
  /** Rows that count. */
  length = 0;
  #capacity = GROWTH;
  #buffers: Map<string, Float32Array>;

  constructor(private readonly shape: KvShape) {
    this.#buffers = new Map(this.#names().map((name) => [name, this.#empty(GROWTH)]));
  }

  /** The graph's `past.*` inputs, with room for `rows` more. */
  inputs(rows: number): Record<string, NamedTensor> {
    this.#reserve(this.length + rows);
    const shape = [1, this.shape.kvHeads, this.#capacity, this.shape.headWidth];
    return Object.fromEntries([...this.#buffers].map(([name, data]) => [`past.${name}`, { shape, data }]));
  }

  /** Takes the `rows` new rows from the graph's `new.*` outputs. */
  append(outputs: Readonly<Record<string, NamedTensor>>, rows: number): void {
    const { kvHeads, headWidth } = this.shape;
    for (const [name, buffer] of this.#buffers) {
      const fresh = outputs[`new.${name}`]?.data as Float32Array;
      for (let head = 0; head < kvHeads; head += 1) {
        buffer.set(fresh.subarray(head * rows * headWidth, (head + 1) * rows * headWidth), (head * this.#capacity + this.length) * headWidth);
      }
    }
    this.length += rows;
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const { kvHeads, headWidth } = this.shape;
    const capacity = Math.ceil(rows / GROWTH) * GROWTH;
    for (const [name, old] of this.#buffers) {
      const grown = this.#empty(capacity);
      for (let head = 0; head < kvHeads; head += 1) {
        const start = head * this.#capacity * headWidth;
        grown.set(old.subarray(start, start + this.length * headWidth), head * capacity * headWidth);
      }
      this.#buffers.set(name, grown);
    }
    this.#capacity = capacity;
  }

  #empty(capacity: number): Float32Array {
    return new Float32Array(this.shape.kvHeads * capacity * this.shape.headWidth);
  }

  #names(): string[] {
    return Array.from({ length: this.shape.layers }, (_, layer) => PARTS.map((part) => `${layer}.${part}`)).flat();
  }
}
