import { addAttentionModule } from './attention-module.js';
import type { Sequences } from './attention-module.js';
import type { ModuleScope } from './module-scope.js';

/** What the second attention looks at. */
export interface CrossAttention {
  readonly context: Sequences;
  /** Rows that look at one context. */
  readonly queries: number;
}

/** What a block consists of. */
export interface TransformerBlock {
  readonly heads: number;
  /** Absent: the second attention is another self-attention. */
  readonly cross?: CrossAttention | undefined;
}

/** `BasicTransformerBlock` of diffusers with layer normalisation: self-attention, second attention, gated feed-forward. Returns rows. */
export function addTransformerBlock(module: ModuleScope, rows: Sequences, { heads, cross }: TransformerBlock): string {
  const { width } = rows;
  const attend = (name: string, norm: string, input: string, options: { readonly length: number; readonly context?: Sequences | undefined }): string => {
    const normed = module.at(norm).layerNorm(input, width);
    const attended = addAttentionModule(module.at(name), { value: normed, length: options.length, width }, { heads, context: options.context });
    return module.op('Add', [attended, input], `${name}.sum`);
  };
  const first = attend('attn1', 'norm1', rows.value, { length: rows.length });
  const second = attend('attn2', 'norm2', first, { length: cross?.queries ?? rows.length, context: cross?.context });
  const fed = addFeedForward(module.at('ff.net'), module.at('norm3').layerNorm(second, width), width);
  return module.op('Add', [fed, second], 'sum');
}

/** GEGLU (Shazeer 2020): one half of a projection, times the GELU of the other. */
function addFeedForward(module: ModuleScope, rows: string, width: number): string {
  const { first, second } = module.halves(module.at('0.proj').linear(rows, { from: width, to: 8 * width }));
  const gated = module.op('Mul', [first, module.op('Gelu', [second], 'gate')], 'gated');
  return module.at('2').linear(gated, { from: 4 * width, to: width });
}
