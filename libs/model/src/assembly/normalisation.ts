import type { ModuleScope } from './module-scope.js';

/** What a group normalisation works on. */
export interface GroupNorm {
  readonly groups: number;
  readonly epsilon: number;
  /** Sizes after the batch axis, channels first. */
  readonly shape: readonly number[];
}

/** Group normalisation (Wu and He 2018). The runtime has it for some devices only, so it is written as instance normalisation of the groups. */
export function addGroupNorm(module: ModuleScope, input: string, { groups, epsilon, shape }: GroupNorm): string {
  const [channels = 0, ...area] = shape;
  const perChannel = [channels, ...area.map(() => 1)];
  const grouped = module.op('Reshape', [input, module.ints([0, groups, -1])], 'groups');
  const [one, zero] = [module.floats(`ones.${groups}`, new Float32Array(groups).fill(1)), module.floats(`zeros.${groups}`, new Float32Array(groups))];
  const even = module.op('InstanceNormalization', [grouped, one, zero], 'even', { epsilon: { float: epsilon } });
  const whole = module.op('Reshape', [even, module.ints([0, ...shape])], 'whole');
  const scaled = module.op('Mul', [whole, module.weight('weight', [channels], perChannel)], 'scaled');
  return module.op('Add', [scaled, module.weight('bias', [channels], perChannel)], 'normed');
}

/** x · sigmoid(x) in one operator. */
export function addSilu(module: ModuleScope, input: string, name = 'silu'): string {
  return module.contrib('QuickGelu', [input], name, { alpha: { float: 1 } });
}
