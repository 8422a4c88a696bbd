import type { BlockForm } from './block-matrix.js';
import { fiveBits, fourBits, eightBits } from './legacy-blocks.js';
import { fiveBitsK, fourBitsK, sixBitsK } from './super-blocks.js';
import type { BlockReader } from './block-reader.js';

/** A way in which values are stored, in ggml's words. */
export interface GgufType {
  readonly name: string;
  /** Values in one unit of storage, and its bytes. */
  readonly values: number;
  readonly bytes: number;
  /** For quantised types: the form that holds exactly the same values, and how to take a unit apart. */
  readonly blocks: { readonly form: BlockForm; readonly read: BlockReader } | undefined;
}

const NIBBLES = { bits: 4, block: 32 } as const;
const BYTES = { bits: 8, block: 32 } as const;

/** Types that are read, by ggml's code. */
export const GGUF_TYPES: Readonly<Record<number, GgufType>> = {
  0: { name: 'F32', values: 1, bytes: 4, blocks: undefined },
  1: { name: 'F16', values: 1, bytes: 2, blocks: undefined },
  30: { name: 'BF16', values: 1, bytes: 2, blocks: undefined },
  2: { name: 'Q4_0', values: 32, bytes: 18, blocks: { form: { ...NIBBLES, offsets: false }, read: fourBits(false) } },
  3: { name: 'Q4_1', values: 32, bytes: 20, blocks: { form: { ...NIBBLES, offsets: true }, read: fourBits(true) } },
  6: { name: 'Q5_0', values: 32, bytes: 22, blocks: { form: { ...BYTES, offsets: false }, read: fiveBits(false) } },
  7: { name: 'Q5_1', values: 32, bytes: 24, blocks: { form: { ...BYTES, offsets: true }, read: fiveBits(true) } },
  8: { name: 'Q8_0', values: 32, bytes: 34, blocks: { form: { ...BYTES, offsets: false }, read: eightBits } },
  12: { name: 'Q4_K', values: 256, bytes: 144, blocks: { form: { ...NIBBLES, offsets: true }, read: fourBitsK } },
  13: { name: 'Q5_K', values: 256, bytes: 176, blocks: { form: { ...BYTES, offsets: true }, read: fiveBitsK } },
  14: { name: 'Q6_K', values: 256, bytes: 210, blocks: { form: { bits: 8, block: 16, offsets: false }, read: sixBitsK } },
};
