import { KvCache } from './kv-cache.js';
import type { KvShape } from './kv-cache.js';
import { commonPrefix } from './prompt-cells.js';
import type { PromptCell } from './prompt-cells.js';

/** One text that the model has read, and its rows. */
export interface ReadText {
  /** What stands at the rows that another prompt may take over. */
  cells: readonly PromptCell[];
  readonly cache: KvCache;
}

/** How much is kept, and in what pieces. */
export interface MemoryLimits {
  readonly bytes: number;
  /** Only whole pieces of this many positions are taken over. */
  readonly chunk: number;
}

/**
 * The texts of the last conversations, the least recently used dropped first when they hold more than the limit; the text in use is
 * never dropped. A prompt that goes on where a text ends takes that text over; one that branches off earlier copies the common rows,
 * so that conversations which share a beginning do not push each other out.
 */
export class PromptMemory {
  /** Most recently used last. */
  readonly #texts: ReadText[] = [];

  constructor(
    private readonly shape: KvShape,
    private readonly limits: MemoryLimits,
  ) {}

  /** The text to read the prompt into: its cells and rows are a prefix of the prompt, and at least the last position is left to read. */
  open(prompt: readonly PromptCell[]): ReadText {
    const { best, rows } = this.#longest(prompt);
    const text = best === undefined ? this.#begin(new KvCache(this.shape)) : best.cells.length - rows > this.limits.chunk ? this.#begin(best.cache.fork(rows)) : best;
    text.cache.truncate(rows);
    text.cells = prompt.slice(0, rows);
    this.#texts.splice(this.#texts.indexOf(text), 1);
    this.#texts.push(text);
    return text;
  }

  /** Drops the texts that no longer fit. */
  trim(): void {
    let bytes = this.#texts.reduce((total, { cache }) => total + cache.bytes, 0);
    while (bytes > this.limits.bytes && this.#texts.length > 1) bytes -= this.#texts.shift()?.cache.bytes ?? 0;
  }

  #begin(cache: KvCache): ReadText {
    const text = { cells: [], cache };
    this.#texts.push(text);
    return text;
  }

  #longest(prompt: readonly PromptCell[]): { best: ReadText | undefined; rows: number } {
    const { chunk } = this.limits;
    let best: ReadText | undefined;
    let rows = 0;
    for (const text of this.#texts) {
      const usable = Math.min(commonPrefix(text.cells, prompt), prompt.length - 1);
      const whole = usable - (usable % chunk);
      if (whole < Math.max(rows, chunk)) continue;
      best = text;
      rows = whole;
    }
    return { best, rows };
  }
}
