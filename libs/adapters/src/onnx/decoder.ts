import type { TokenModel } from '@gpt4video/model/language/generate';
import { DomainError } from '@gpt4video/ports/errors';
import type { PromptPiece } from '@gpt4video/ports/language-model';
import type { EmbeddingTable } from './embedding-table.js';
import type { KvShape } from './kv-cache.js';
import { promptCells } from './prompt-cells.js';
import { PromptMemory } from './prompt-memory.js';
import type { ReadText } from './prompt-memory.js';
import type { RuntimeSession } from './runtime-session.js';

/**
 * Prompts are read in chunks that begin at multiples of this, and only whole chunks are reused for the next prompt: then every row of
 * the cache comes from the same run whether it was reused or not, and an answer does not depend, bit for bit, on what was asked before.
 */
const CHUNK = 64;
/** While a prompt is read the cache widens by so many rows: each empty row costs a product for each position, each widening moves all rows. */
const WIDENING = 2 * CHUNK;

/** The language model's graph with its memory: reads prompts and tokens, returns the logits after the last position. */
export class Decoder implements TokenModel {
  /** Positions of the last prompt that were still known. */
  reused = 0;
  readonly #memory: PromptMemory;
  #text: ReadText;

  /** `memoryBytes` bounds what is kept of earlier prompts. */
  constructor(
    private readonly session: RuntimeSession,
    private readonly table: EmbeddingTable,
    { shape, memoryBytes }: { readonly shape: KvShape; readonly memoryBytes: number },
  ) {
    this.#memory = new PromptMemory(shape, { bytes: memoryBytes, chunk: CHUNK });
    this.#text = this.#memory.open([]);
  }

  async prefill(prompt: readonly PromptPiece[], signal: AbortSignal): Promise<Float32Array> {
    const cells = promptCells(prompt);
    const embedded = this.#embed(prompt, cells.length);
    this.#text = this.#memory.open(cells);
    this.reused = this.#text.cache.length;
    let logits: Float32Array = new Float32Array();
    for (let start = this.reused; start < cells.length; start += CHUNK) {
      if (signal.aborted) throw new DomainError('cancelled', 'The answer was cancelled.', { cause: signal.reason });
      const end = Math.min(start + CHUNK, cells.length);
      this.#text.cache.reserve(Math.min(Math.ceil(end / WIDENING) * WIDENING, cells.length + 1), cells.length + 1);
      logits = await this.#read(embedded.subarray(start * this.table.width, end * this.table.width));
      if (end - start === CHUNK) this.#text.cells = cells.slice(0, end);
    }
    this.#memory.trim();
    return logits;
  }

  next(id: number): Promise<Float32Array> {
    const embedded = new Float32Array(this.table.width);
    this.table.write(id, embedded, 0);
    return this.#read(embedded);
  }

  async #read(embedded: Float32Array): Promise<Float32Array> {
    const rows = embedded.length / this.table.width;
    const { cache } = this.#text;
    const outputs = await this.session.run({
      ...cache.inputs(),
      inputs_embeds: { shape: [1, rows, this.table.width], data: embedded },
      past_length: { shape: [1], data: BigInt64Array.of(BigInt(cache.length)) },
    });
    cache.append(outputs['new_rows']?.data as Float32Array, rows);
    return outputs['logits']?.data as Float32Array;
  }

  #embed(prompt: readonly PromptPiece[], positions: number): Float32Array {
    const embedded = new Float32Array(positions * this.table.width);
    let offset = 0;
    for (const piece of prompt) {
      if (piece.kind === 'vectors') {
        this.#checkVectors(piece);
        embedded.set(piece.vectors, offset);
        offset += piece.vectors.length;
        continue;
      }
      for (const id of piece.ids) {
        this.table.write(id, embedded, offset);
        offset += this.table.width;
      }
    }
    return embedded;
  }

  #checkVectors({ vectors, count }: Extract<PromptPiece, { kind: 'vectors' }>): void {
    if (vectors.length === count * this.table.width) return;
    throw new DomainError('internal', `Visual tokens must be [${count}, ${this.table.width}], found ${vectors.length} values; the abstractor and the language model do not belong together.`);
  }
}
