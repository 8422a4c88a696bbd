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
  #texts: ReadText[] = [];

  constructor(
    private readonly shape: KvShape,
    private readonly limits: MemoryLimits,
  ) {}

  /** The text to read the prompt into: its cells and rows are a prefix of the prompt, and at least the last position is left to read. */
  open(prompt: readonly PromptCell[]): ReadText {
    const { known, rows } = this.#longest(prompt);
    const text = known === undefined ? { cells: [], cache: new KvCache(this.shape) } : this.#goOn(known, rows);
    text.cells = prompt.slice(0, rows);
    this.#texts = [...this.#texts.filter((other) => other !== text && other.cells.length > 0), text];
    return text;
  }

  /** Drops the texts that no longer fit. */
  trim(): void {
    let bytes = this.#texts.reduce((total, { cache }) => total + cache.bytes, 0);
    while (bytes > this.limits.bytes && this.#texts.length > 1) bytes -= this.#texts.shift()?.cache.bytes ?? 0;
  }

  #goOn(known: ReadText, rows: number): ReadText {
    if (known.cells.length - rows > this.limits.chunk) return { cells: [], cache: known.cache.fork(rows) };
    known.cache.truncate(rows);
    return known;
  }

  #longest(prompt: readonly PromptCell[]): { known: ReadText | undefined; rows: number } {
    const { chunk } = this.limits;
    let known: ReadText | undefined;
    let rows = 0;
    for (const text of this.#texts) {
      const usable = Math.min(commonPrefix(text.cells, prompt), prompt.length - 1);
      const whole = usable - (usable % chunk);
      if (whole < Math.max(rows, chunk)) continue;
      known = text;
      rows = whole;
    }
    return { known, rows };
  }
}
