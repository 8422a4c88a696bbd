import type { ModuleScope } from './module-scope.js';

/** Sequences of one length, their vectors one after another: `[sequences × length, width]`. */
export interface Sequences {
  readonly value: string;
  readonly length: number;
  readonly width: number;
}

/** What an attention module attends with. */
export interface AttentionOptions {
  readonly heads: number;
  /** Keys and values come from here; from the queries when absent. */
  readonly context?: Sequences | undefined;
  /** Query, key and value projections have biases. */
  readonly bias?: boolean;
  /** `to_q`, `to_k`, `to_v`, `to_out.0` by default. */
  readonly names?: AttentionNames | undefined;
}

/** Names of the four projections. */
export interface AttentionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
}

const NAMES: AttentionNames = { query: 'to_q', key: 'to_k', value: 'to_v', output: 'to_out.0' };

/** Multi-head attention (Vaswani et al. 2017) with its projections; the scores are never held as a whole. Returns rows. */
export function addAttentionModule(module: ModuleScope, queries: Sequences, { heads, context = queries, bias = false, names = NAMES }: AttentionOptions): string {
  const { width } = queries;
  const project = (name: string, { value, length, width: from }: Sequences): string =>
    module.op('Reshape', [module.at(name).linear(value, { from, to: width, bias }), module.ints([-1, length, width])], `${name}.sequences`);
  const inputs = [project(names.query, queries), project(names.key, context), project(names.value, context)];
  const attended = module.contrib('MultiHeadAttention', inputs, 'attended', { num_heads: { int: heads } });
  return module.at(names.output).linear(module.op('Reshape', [attended, module.ints([-1, width])], 'rows'), { from: width, to: width });
}
